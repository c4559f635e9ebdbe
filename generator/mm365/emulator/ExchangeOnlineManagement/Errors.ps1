# Errors of the service: Ex<hex>|<exception class>|<text>. Only this form and the class for an object that is not
# there are known for certain. The other classes and all texts are chosen here (NOTES.md, "Errors and warnings").

$script:ErrorClasses = @{
    NotFound    = 'Ex6F9304', 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException'
    Duplicate   = 'Ex8D5B3A', 'Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException'
    Invalid     = 'Ex9C2A71', 'Microsoft.Exchange.Data.DataValidationException'
    BadValue    = 'ExB41F06', 'System.Management.Automation.ParameterBindingArgumentTransformationException'
    Referenced  = 'ExA7710C', 'Microsoft.Exchange.Management.Tasks.ObjectInUseException'
    Prohibited  = 'ExC30E95', 'Microsoft.Exchange.Management.Tasks.OrganizationInboundConnectorProhibitedException'
    Dehydrated  = 'Ex5D8812', 'Microsoft.Exchange.Configuration.Tasks.InvalidOperationInDehydratedContextException'
    Transient   = 'Ex2E90B7', 'Microsoft.Exchange.Data.Directory.ADTransientException'
    LostAnswer  = 'Ex1B6F4D', 'System.Net.Http.HttpRequestException'
    Throttled   = 'Ex77D0A3', 'Microsoft.Exchange.Configuration.Tasks.ThrottlingRejectedOperationException'
}

# The text follows the client's language, so a tenant can ask for another one (NOTES.md, "Errors and warnings").
# Only [regex]::Unescape reads \uXXXX in every edition of PowerShell.
$script:Texts = @{
    en = @{
        NotFound          = "The object '{0}' could not be found."
        Duplicate         = "The name '{0}' is already in use. Choose another name."
        TooLong           = "The value of {0} has {1} characters, at most {2} are allowed."
        BadValue          = "'{1}' is not a value of {0}. Possible values: {2}."
        BadFormat         = "'{1}' is not a valid value of {0}."
        Required          = "A value must be specified for {0}."
        Pair              = "{0} and {1} must be specified together."
        Priority          = "The priority {0} is out of range. It must be between 0 and {1}."
        TooManyRules      = "The limit of {0} rules has been reached."
        RuleTooLarge      = "The rule has {0} characters, at most {1} are allowed."
        NotRuleScoped     = "The outbound connector '{0}' is not meant for transport rules."
        SmartHosts        = "SmartHosts must be specified when UseMXRecord is `$false."
        TlsDomain         = "TlsDomain is valid only when TlsSettings is DomainValidation."
        TlsDomainRequired = "TlsDomain must be specified when TlsSettings is DomainValidation."
        OnPremisesOnly    = "{0} is valid only for a connector of type OnPremises."
        InternalTwice     = "TreatMessagesAsInternal cannot be used together with CloudServicesMailEnabled."
        Referenced        = "The connector '{0}' is used by the transport rule '{1}'."
        Prohibited        = "Inbound connectors cannot be created in this organization. Contact Support."
        CreatedDisabled   = "The inbound connector '{0}' stays disabled. Contact Support to have it enabled."
        Dehydrated        = "The command is not available until Enable-OrganizationCustomization has been run."
        Transient         = "The service is temporarily unavailable. Try again later."
        LostAnswer        = "The connection was closed before the answer arrived."
        Throttled         = "Too many requests. Wait and try again."
        MoreResults       = "There are more than {0} results. Use ResultSize to see more."
        New               = "Creating {0} '{1}'."
        Set               = "Changing {0} '{1}'."
        Remove            = "Removing {0} '{1}'."
        Enable            = "Enabling {0} '{1}'."
        Disable           = "Disabling {0} '{1}'."
        Sure              = "Are you sure you want to perform this action?"
        Confirm           = "Confirm"
    }
    de = @{
        NotFound          = "Das Objekt '{0}' wurde nicht gefunden."
        Duplicate         = "Der Name '{0}' wird bereits verwendet. W\u00e4hlen Sie einen anderen Namen."
        TooLong           = "Der Wert von {0} hat {1} Zeichen, zul\u00e4ssig sind h\u00f6chstens {2}."
        BadValue          = "'{1}' ist kein Wert von {0}. M\u00f6gliche Werte: {2}."
        BadFormat         = "'{1}' ist kein g\u00fcltiger Wert von {0}."
        Required          = "F\u00fcr {0} muss ein Wert angegeben werden."
        Pair              = "{0} und {1} m\u00fcssen zusammen angegeben werden."
        Priority          = "Die Priorit\u00e4t {0} liegt nicht zwischen 0 und {1}."
        TooManyRules      = "Die H\u00f6chstzahl von {0} Regeln ist erreicht."
        RuleTooLarge      = "Die Regel hat {0} Zeichen, zul\u00e4ssig sind h\u00f6chstens {1}."
        NotRuleScoped     = "Der ausgehende Connector '{0}' ist nicht f\u00fcr Transportregeln bestimmt."
        SmartHosts        = "SmartHosts muss angegeben werden, wenn UseMXRecord `$false ist."
        TlsDomain         = "TlsDomain ist nur mit TlsSettings DomainValidation zul\u00e4ssig."
        TlsDomainRequired = "TlsDomain muss angegeben werden, wenn TlsSettings DomainValidation ist."
        OnPremisesOnly    = "{0} ist nur f\u00fcr einen Connector vom Typ OnPremises zul\u00e4ssig."
        InternalTwice     = "TreatMessagesAsInternal und CloudServicesMailEnabled schlie\u00dfen einander aus."
        Referenced        = "Der Connector '{0}' wird von der Transportregel '{1}' verwendet."
        Prohibited        = "In dieser Organisation sind keine eingehenden Connectors m\u00f6glich."
        CreatedDisabled   = "Der eingehende Connector '{0}' bleibt deaktiviert. Wenden Sie sich an den Support."
        Dehydrated        = "Der Befehl ist erst nach Enable-OrganizationCustomization verf\u00fcgbar."
        Transient         = "Der Dienst ist vor\u00fcbergehend nicht verf\u00fcgbar."
        LostAnswer        = "Die Verbindung wurde vor der Antwort geschlossen."
        Throttled         = "Zu viele Anforderungen. Versuchen Sie es sp\u00e4ter erneut."
        MoreResults       = "Es gibt mehr als {0} Ergebnisse. Verwenden Sie ResultSize."
        New               = "{0} '{1}' wird erstellt."
        Set               = "{0} '{1}' wird ge\u00e4ndert."
        Remove            = "{0} '{1}' wird entfernt."
        Enable            = "{0} '{1}' wird aktiviert."
        Disable           = "{0} '{1}' wird deaktiviert."
        Sure              = "M\u00f6chten Sie diese Aktion wirklich ausf\u00fchren?"
        Confirm           = "Best\u00e4tigung"
    }
}

function Get-Text {
    param($State, [string] $Key, [object[]] $Values = @())
    $language = Get-Behaviour $State 'language' 'en'
    [regex]::Unescape($script:Texts[$language][$Key]) -f $Values
}

# Ends the call. Invoke-ServiceCall makes a non-terminating error of the exception (NOTES.md, "Errors and warnings").
function Stop-Call {
    param($State, [string] $Class, [string] $Text, [object[]] $Values = @())
    $code, $type = $script:ErrorClasses[$Class]
    $exception = [InvalidOperationException]::new("$code|$type|$(Get-Text $State $Text $Values)")
    $exception.Data['ServiceError'] = $true
    throw $exception
}

# The real module writes its errors from a function of this name, so the record reads the same. Write-Error
# obeys the -ErrorAction of the call and the global preference, not that of the caller's script.
function Write-ErrorMessage {
    param([string] $Cmdlet, [string] $Message)
    $reason = ($Message -split '\|')[1] -replace '^.*\.'
    $id = '[Server=STANDIN,RequestId={0},TimeStamp={1:R}]' -f [guid]::NewGuid(), [datetime]::UtcNow
    Write-Error -Message $Message -Category NotSpecified -ErrorId $id -CategoryActivity $Cmdlet -CategoryReason $reason
}
