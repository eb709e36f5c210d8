using CalDavServer.Options;
using CalDavServer.Storage;
using NodaTime;

namespace CalDavServer.Hosting;

/// <summary>
/// The server's settings. The command line is taken before the environment (<c>CALENDARSYNC_URLS</c>…), the environment before
/// <c>settings.json</c> in the data folder.
/// <list type="table">
/// <item><term><c>data</c></term><description>The data folder; <c>./data</c>. Not in the file, which is in it.</description></item>
/// <item><term><c>urls</c></term><description>Where to listen, separated by semicolons; <c>http://127.0.0.1:8008</c>.</description></item>
/// <item>
/// <term><c>proxies</c></term>
/// <description>Addresses or networks of reverse proxies whose X-Forwarded-* headers are believed, separated by commas; none.</description>
/// </item>
/// <item>
/// <term><c>proxyhops</c></term>
/// <description>How many of these proxies a request passes, one after the other; <c>1</c>.</description>
/// </item>
/// <item>
/// <term><c>allowedhosts</c></term>
/// <description>Names that the server answers to, separated by commas, beside its public address and loopback; none.</description>
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
/// <description>An OpenTelemetry collector that metrics and traces are sent to, e.g. <c>http://127.0.0.1:4318</c>; <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or none.</description>
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
/// <term><c>googleclientid</c>, <c>googleclientsecret</c>, <c>googleauthorizeurl</c>, <c>googletokenurl</c>, <c>googlerevokeurl</c>, <c>googleapiurl</c>, <c>googleuserrequests</c>, <c>googleprojectrequests</c></term>
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
        var publicAddress = ReadPublicAddress(settings["publicaddress"]);
        var options = MonitoringOptions.Read(ListeningOptions.Read(new ServerOptions(), settings, urls), settings);
        return options with
        {
            PublicAddress = publicAddress,
            SessionLasts = ReadSessionLasts(settings, options.SessionLasts),
            Mail = MailOptions.Read(settings, publicAddress),
            Google = GoogleOptions.Read(settings),
            CalDav = CalDavOptions.Read(settings),
            Microsoft = MicrosoftOptions.Read(settings),
            HalaxyAddress = HalaxyOptions.Read(settings),
            KeyCertificate = KeyOptions.ReadCertificate(settings),
            FormerKeyCertificates = KeyOptions.ReadFormer(settings),
            AnchorFile = AnchorOptions.ReadFile(settings, dataFolder),
            AnchorMail = AnchorOptions.ReadMail(settings),
            Quotas = QuotaOptions.Read(settings),
            Kestrel = settings,
        };
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

    private static Duration ReadSessionLasts(IConfiguration settings, Duration otherwise) =>
        Duration.FromHours(settings.ReadNumber("sessionhours", 1, 8760, (int)otherwise.TotalHours, "a number of hours"));

    private static Uri? ReadPublicAddress(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", PathAndQuery: "/" }) return address;
        throw new CommandFailure($"The setting 'publicaddress' is '{text}'. Write it like https://calendar.example.com, without a path.");
    }
}
