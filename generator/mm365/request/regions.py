"""The regions of MailMarshal Cloud, and what each one gives (KB Q21244)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Region:
    """One regional instance; ``code`` stands in both of its host names."""

    code: str
    place: str

    def __str__(self) -> str:
        return self.code

    @property
    def certificate_name(self) -> str:
        """The subject name on the certificate of the filter's mail servers."""
        return f"*.{self.code}.mailmarshal.cloud"

    @property
    def smart_host(self) -> str:
        """Where Exchange Online hands over the mail to be filtered."""
        return f"m365integrated-array-1.{self.code}.mailmarshal.cloud"

    @property
    def facts(self) -> Mapping[str, str]:
        """All of it as plain values for machines."""
        return {
            "region": self.code,
            "place": self.place,
            "smart_host": self.smart_host,
            "certificate_name": self.certificate_name,
        }


# The article lists these three codes and no others. The places are what the codes stand for by common use.
REGIONS = {
    region.code: region
    for region in (
        Region(code="au", place="Australia"),
        Region(code="eu", place="Europe"),
        Region(code="us", place="United States"),
    )
}
