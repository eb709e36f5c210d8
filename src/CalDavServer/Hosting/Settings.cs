using System.Globalization;
using System.Net;
using CalDavServer.Background.Anchors;
using CalDavServer.Mail;
using CalDavServer.Options;
using CalDavServer.Storage;
using NodaTime;

namespace CalDavServer.Hosting;

/// <summary>
/// The server's settings. The command line is taken before the environment (<c>CALENDARSYNC_URLS</c>…), the environment before
/// <c>settings.json</c> in the data folder.
/// <list type="table">
/// <item><term><c>data</c></term><description>The data folder; <c>./data</c>. Not in the file, which is in it.</description></item>
/// <item><term><c>urls</c></term><description>Where to listen, parted by semicolons; <c>http://127.0.0.1:8008</c>.</description></item>
/// <item>
/// <term><c>proxies</c></term>
/// <description>Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed, parted by commas; none.</description>
/// </item>
/// <item>
/// <term><c>proxyhops</c></term>
/// <description>How many of these proxies a request passes, one after the other; <c>1</c>.</description>
/// </item>
/// <item>
/// <term><c>allowedhosts</c></term>
/// <description>Names that the server answers to, parted by commas, beside its public address and loopback; none.</description>
/// </item>
/// <item>
/// <term><c>connections</c>, <c>connectionsperaddress</c></term>
/// <description>Most connections at once, in all and from one address; <c>10000</c> and <c>500</c>.</description>
/// </item>
/// <item>
/// <term><c>keycertificate</c>, <c>keycertificatepassword</c>, <c>formerkeycertificates</c></term>
/// <description>The certificate that the keys in the data folder are encrypted for (see <see cref="KeyOptions"/>); none.</description>
/// </item>
/// <item>
/// <term><c>allowhttp</c></term>
/// <description><c>true</c>: other machines may send passwords over plain http; <c>false</c>.</description>
/// </item>
/// <item>
/// <term><c>log</c></term>
/// <description><c>json</c>: the log has a line of JSON for each entry; <c>text</c>.</description>
/// </item>
/// <item>
/// <term><c>requestlog</c></term>
/// <description><c>true</c>: a line in the log for each request; <c>false</c>.</description>
/// </item>
/// <item>
/// <term><c>metricstoken</c></term>
/// <description>What <c>/metrics</c> is read with, from anywhere; without it, from the machine itself only.</description>
/// </item>
/// <item>
/// <term><c>otlp</c></term>
/// <description>An OpenTelemetry collector that metrics are sent to, e.g. <c>http://127.0.0.1:4318</c>; <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or none.</description>
/// </item>
/// <item>
/// <term><c>publicaddress</c></term>
/// <description>Where people reach the pages, e.g. <c>https://calendar.example.com</c>; needed for e-mail, whose links begin with it.</description>
/// </item>
/// <item>
/// <term><c>sessionhours</c></term>
/// <description>How long a browser stays signed in at most, in hours; <c>720</c>, which is 30 days.</description>
/// </item>
/// <item>
/// <term><c>smtphost</c>, <c>smtpport</c>, <c>smtptls</c>, <c>smtpuser</c>, <c>smtppassword</c>, <c>smtpfrom</c></term>
/// <description>The mail server (see <see cref="MailOptions"/>); none.</description>
/// </item>
/// <item>
/// <term><c>googleclientid</c>, <c>googleclientsecret</c>, <c>googleauthorizeurl</c>, <c>googletokenurl</c>, <c>googlerevokeurl</c>, <c>googleapiurl</c></term>
/// <description>The server as it is registered at Google (see <see cref="GoogleOptions"/>); none: Google Calendar cannot be connected.</description>
/// </item>
/// <item>
/// <term><c>caldavinternal</c>, <c>davmail</c>, <c>icloudaddress</c></term>
/// <description>CalDAV servers of the own network that may be asked, the gateway to an Exchange server, and where iCloud is (see <see cref="CalDavOptions"/>); none, none, Apple's.</description>
/// </item>
/// <item>
/// <term><c>microsoftclientid</c>, <c>microsoftclientsecret</c>, <c>microsoftauthorizeurl</c>, <c>microsofttokenurl</c>, <c>microsoftapiurl</c></term>
/// <description>The server as it is registered at Microsoft (see <see cref="MicrosoftOptions"/>); none: accounts at Microsoft cannot be connected.</description>
/// </item>
/// <item>
/// <term><c>halaxyaddress</c></term>
/// <description>Where Halaxy is, for a stand-in (see <see cref="HalaxyOptions"/>); its regions.</description>
/// </item>
/// <item>
/// <term><c>anchorfile</c>, <c>anchormail</c></term>
/// <description>A file outside the data folder, and an e-mail address, that get the anchors of the audit logs each day; none.</description>
/// </item>
/// <item>
/// <term><c>quotaperson</c>, <c>quotapractice</c></term>
/// <description>What a person, and the people of a practice group together, may store over CalDAV; <c>500 MB</c>, <c>5 GB</c>.</description>
/// </item>
/// <item>
/// <term><c>propertiesperresource</c>, <c>propertiesperperson</c></term>
/// <description>What WebDAV properties of one resource, and of all resources of a person, may take; <c>256 KB</c>, <c>4 MB</c>.</description>
/// </item>
/// <item>
/// <term><c>Kestrel</c></term>
/// <description>The web server's own section, e.g. <c>Kestrel:Certificates:Default:Path</c> for https.</description>
/// </item>
/// </list>
/// </summary>
internal static class Settings
{
    private const int MinTokenLength = 16;
    private const string Prefix = "CALENDARSYNC_";

    /// <summary>The data folder when the command line does not name it.</summary>
    public static string DefaultDataFolder =>
        Environment.GetEnvironmentVariable(Prefix + "DATA") is { Length: > 0 } folder ? folder : "./data";

    /// <summary>Reads the settings of the serve command.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="urls">The <c>--urls</c> option, or null.</param>
    /// <exception cref="CommandFailure">A setting is not valid.</exception>
    public static ServerOptions Read(string dataFolder, string? urls)
    {
        var settings = Load(Path.GetFullPath(dataFolder));
        var publicAddress = ParsePublicAddress(settings["publicaddress"]);
        var options = new ServerOptions();
        options = options with
        {
            Connections = ParseCount(settings, "connections", options.Connections),
            ConnectionsPerAddress = ParseCount(settings, "connectionsperaddress", options.ConnectionsPerAddress),
            PublicAddress = publicAddress,
            Mail = MailOptions.Read(settings, publicAddress),
            Google = GoogleOptions.Read(settings),
            CalDav = CalDavOptions.Read(settings),
            Microsoft = MicrosoftOptions.Read(settings),
            HalaxyAddress = HalaxyOptions.Read(settings),
            Proxies = [.. Split(settings["proxies"]).Select(ParseProxy)],
            ProxyHops = ParseHops(settings["proxyhops"]),
            AllowedHosts = [.. Split(settings["allowedhosts"]).Select(ParseHost)],
            KeyCertificate = KeyOptions.ReadCertificate(settings),
            FormerKeyCertificates = KeyOptions.ReadFormer(settings),
            AllowHttp = ParseFlag("allowhttp", settings["allowhttp"]),
            MetricsToken = ParseToken(settings["metricstoken"]),
            Otlp = ParseCollector(settings["otlp"] ?? Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")),
            JsonLog = ParseLog(settings["log"]),
            RequestLog = ParseFlag("requestlog", settings["requestlog"]),
            SessionLasts = ParseSessionHours(settings["sessionhours"]),
            AnchorFile = ParseAnchorFile(settings["anchorfile"], dataFolder),
            AnchorMail = ParseAnchorMail(settings["anchormail"], settings["smtphost"]),
            Quotas = ReadQuotas(settings, new Quotas()),
            Kestrel = settings,
        };
        var given = Split(urls ?? settings["urls"]);
        return given.Length == 0 ? options : options with { Urls = [.. given.Select(CheckUrl)] };
    }

    /// <summary>A warning when others can read secrets in the settings' file; null when they cannot, or there are none. It is asked before the folder is closed: until then it was so.</summary>
    public static string? Exposed(string dataFolder)
    {
        var path = Path.Combine(Path.GetFullPath(dataFolder), DataFolder.SettingsFile);
        if (!PrivateFiles.IsOpen(path)) return null;
        var found = Secrets(new ConfigurationBuilder().AddJsonFile(path, optional: true, reloadOnChange: false).Build()).ToList();
        return found.Count == 0 ? null : $"Others can read {path}, which has {string.Join(" and ", found)} in it. Close it with: chmod 600 {path}";
    }

    private static IEnumerable<string> Secrets(IConfiguration settings) =>
        settings.AsEnumerable().Where(setting => !string.IsNullOrEmpty(setting.Value) && IsSecret(setting.Key.Split(':')[^1])).Select(setting => setting.Key.Replace(':', '.')).Order(StringComparer.Ordinal);

    private static bool IsSecret(string name) =>
        !name.EndsWith("url", StringComparison.OrdinalIgnoreCase) && HasSecretWord(name);

    private static bool HasSecretWord(string name) =>
        name.Contains("password", StringComparison.OrdinalIgnoreCase) || name.Contains("token", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase);

    private static IConfigurationRoot Load(string dataFolder)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(dataFolder, DataFolder.SettingsFile), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables(Prefix)
                .Build();
        }
        catch (InvalidDataException)
        {
            throw new CommandFailure("settings.json in the data folder is not valid JSON.");
        }
    }

    private static string[] Split(string? text) =>
        (text ?? string.Empty).Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IPNetwork ParseProxy(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new CommandFailure($"'{text}' in the setting 'proxies' is neither an address nor a network such as 10.0.0.0/8.");
    }

    private static int ParseHops(string? text) =>
        string.IsNullOrEmpty(text) ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) && hops is >= 1 and <= 10 ? hops
        : throw new CommandFailure($"The setting 'proxyhops' is '{text}': it must be a number from 1 to 10.");

    private static int ParseCount(IConfiguration settings, string name, int otherwise) =>
        settings[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 10 and <= 1_000_000 ? count
        : throw new CommandFailure($"The setting '{name}' is '{text}': it must be a number from 10 to 1000000.");

    private static Duration ParseSessionHours(string? text) =>
        string.IsNullOrEmpty(text) ? new ServerOptions().SessionLasts
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= 8760 ? Duration.FromHours(hours)
        : throw new CommandFailure($"The setting 'sessionhours' is '{text}': it must be a number of hours from 1 to 8760.");

    private static string ParseHost(string text)
    {
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? text
            : throw new CommandFailure($"'{text}' in the setting 'allowedhosts' is no host name. Write it like calendar.example.com, without https:// and port.");
    }

    private static Quotas ReadQuotas(IConfiguration settings, Quotas defaults) => new()
    {
        Person = ParseSize(settings, "quotaperson", defaults.Person),
        Practice = ParseSize(settings, "quotapractice", defaults.Practice),
        PropertiesOfResource = ParseSize(settings, "propertiesperresource", defaults.PropertiesOfResource),
        PropertiesOfPerson = ParseSize(settings, "propertiesperperson", defaults.PropertiesOfPerson),
    };

    private static long ParseSize(IConfiguration settings, string name, long otherwise)
    {
        if (settings[name] is not { Length: > 0 } text) return otherwise;
        var number = text.TrimEnd('k', 'K', 'm', 'M', 'g', 'G', 'b', 'B', ' ');
        var shift = text[number.Length..].Trim().ToUpperInvariant() switch { "" or "B" => 0, "KB" => 10, "MB" => 20, "GB" => 30, _ => -1 };
        return shift >= 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= 1_000_000_000_000 && size << shift <= 1L << 50
            ? size << shift
            : throw new CommandFailure($"The setting '{name}' is '{text}': write it like 500 MB, in KB, MB or GB.");
    }

    private static bool ParseFlag(string name, string? text) =>
        string.IsNullOrEmpty(text) ? false
        : bool.TryParse(text, out var flag) ? flag
        : throw new CommandFailure($"The setting '{name}' is '{text}': it must be true or false.");

    private static string? ParseToken(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : text.Length >= MinTokenLength && text.All(char.IsAsciiLetterOrDigit) ? text
        : throw new CommandFailure($"The setting 'metricstoken' must be {MinTokenLength} or more letters and digits.");

    private static Uri? ParseCollector(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new CommandFailure($"'{text}' in the setting 'otlp' is not an address such as http://127.0.0.1:4318.");

    private static string? ParseAnchorFile(string? text, string dataFolder)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var path = Path.GetFullPath(text.Trim());
        if (AnchorBook.IsInside(path, dataFolder)) throw new CommandFailure("The setting 'anchorfile' names a file in the data folder: what can be changed there could be changed with it. Name one elsewhere.");
        return Directory.Exists(Path.GetDirectoryName(path)) ? path : throw new CommandFailure($"The folder of the setting 'anchorfile', {Path.GetDirectoryName(path)}, is not there.");
    }

    private static string? ParseAnchorMail(string? text, string? mailServer)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (string.IsNullOrWhiteSpace(mailServer)) throw new CommandFailure("With 'anchormail' set, 'smtphost' must be set too.");
        return Email.IsAddress(text.Trim()) ? text.Trim() : throw new CommandFailure("The setting 'anchormail' must be an e-mail address, e.g. admin@example.com.");
    }

    private static bool ParseLog(string? text) => text switch
    {
        null or "" or "text" => false,
        "json" => true,
        _ => throw new CommandFailure($"The setting 'log' is '{text}': it must be json or text."),
    };

    private static Uri? ParsePublicAddress(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", PathAndQuery: "/" }) return address;
        throw new CommandFailure($"The setting 'publicaddress' is '{text}'. Write it like https://calendar.example.com, without a path.");
    }

    private static string CheckUrl(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            if (address.Scheme is "http" or "https" && address.PathBase.Length == 0 && address.Port is >= 0 and <= 65535) return text;
        }
        catch (FormatException)
        {
            // said below
        }

        throw new CommandFailure($"'{text}' is not an address to listen on. Write it like http://127.0.0.1:8008, without a path.");
    }
}
