using System.Text.Json;
using CalDavServer.Hosting;
using CalDavServer.Options;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>A setting that is wrong is told in a sentence, before anything is opened.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("'nowhere' is not an address to listen on. Write it like http://127.0.0.1:8008, without a path.", "urls", "nowhere")]
    [InlineData("'here' in the setting 'proxies' is neither an address nor a network such as 10.0.0.0/8.", "proxies", "10.0.0.1, here")]
    [InlineData("The setting 'proxyhops' is '11': it must be a number from 1 to 10.", "proxyhops", "11")]
    [InlineData("'https://a' in the setting 'allowedhosts' is not a host name. Write it like calendar.example.com, without https:// and port.", "allowedhosts", "https://a")]
    [InlineData("The setting 'connections' is '9': it must be a number from 10 to 1000000.", "connections", "9")]
    [InlineData("The setting 'connectionsperaddress' is 'many': it must be a number from 10 to 1000000.", "connectionsperaddress", "many")]
    [InlineData("The setting 'allowhttp' is 'yes': it must be true or false.", "allowhttp", "yes")]
    [InlineData("The setting 'log' is 'xml': it must be json or text.", "log", "xml")]
    [InlineData("The setting 'requestlog' is '1': it must be true or false.", "requestlog", "1")]
    [InlineData("The setting 'metricstoken' must be 16 or more letters and digits.", "metricstoken", "short")]
    [InlineData("'127.0.0.1:4318' in the setting 'otlp' is not an address such as http://127.0.0.1:4318.", "otlp", "127.0.0.1:4318")]
    [InlineData("The setting 'publicaddress' is 'https://a.example/b'. Write it like https://calendar.example.com, without a path.", "publicaddress", "https://a.example/b")]
    [InlineData("The setting 'sessionhours' is '0': it must be a number of hours from 1 to 8760.", "sessionhours", "0")]
    [InlineData("The setting 'quotaperson' is '500 TB': write it like 500 MB, in KB, MB or GB.", "quotaperson", "500 TB")]
    [InlineData("The setting 'quotapractice' is '0': write it like 500 MB, in KB, MB or GB.", "quotapractice", "0")]
    [InlineData("The setting 'propertiesperresource' is 'x': write it like 500 MB, in KB, MB or GB.", "propertiesperresource", "x")]
    [InlineData("The setting 'propertiesperperson' is '-1 KB': write it like 500 MB, in KB, MB or GB.", "propertiesperperson", "-1 KB")]
    [InlineData("With 'anchormail' set, 'smtphost' must be set too.", "anchormail", "a@example.com")]
    [InlineData("The setting 'anchormail' must be an e-mail address, e.g. admin@example.com.", "anchormail", "nobody", "smtphost", "localhost", "smtpfrom", "a@example.com", "publicaddress", "https://a.example")]
    [InlineData("The folder of the setting 'anchorfile', /nowhere/at/all, is not there.", "anchorfile", "/nowhere/at/all/anchors")]
    [InlineData("With 'smtphost' set, 'publicaddress' must be set too: links in e-mails begin with it.", "smtphost", "localhost")]
    [InlineData("The setting 'smtptls' must be starttls, tls or none.", "smtphost", "localhost", "publicaddress", "https://a.example", "smtptls", "ssl")]
    [InlineData("The setting 'smtpport' is '99999': it must be a number up to 65535.", "smtphost", "localhost", "publicaddress", "https://a.example", "smtpfrom", "a@example.com", "smtpport", "99999")]
    [InlineData("The setting 'halaxyaddress' is 'http://a.example': it must be an https address, or an http one of this machine.", "halaxyaddress", "http://a.example")]
    [InlineData("The setting 'davmail' is 'davmail:1080': it must be an https address, or an http one of this machine.", "davmail", "davmail:1080")]
    [InlineData("The setting 'icloudaddress' is 'http://a.example': it must be an https address, or an http one of this machine.", "icloudaddress", "http://a.example")]
    [InlineData("The setting 'caldavinternal' names 'a/b': it must be names of servers, with or without a port, such as 'calendar.example.lan:8443'.", "caldavinternal", "a/b")]
    public void A_wrong_one_is_told_in_a_sentence(string sentence, params string[] settings)
    {
        Write(settings);
        Assert.Equal(sentence, Assert.Throws<CommandFailure>(() => Settings.Read(_folder, null)).Message);
    }

    [Fact]
    public void An_anchor_file_in_the_data_folder_is_refused()
    {
        Write("anchorfile", Path.Combine(_folder, "anchors"));
        var sentence = Assert.Throws<CommandFailure>(() => Settings.Read(_folder, null)).Message;
        Assert.StartsWith("The setting 'anchorfile' names a file in the data folder", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_right_arrive()
    {
        Write("urls", "http://127.0.0.1:1;https://[::1]:2", "proxies", "10.0.0.1,10.1.0.0/16", "connections", "20", "quotaperson", "3 MB", "log", "json", "sessionhours", "2", "halaxyaddress", "http://127.0.0.1:5/a");
        var options = Settings.Read(_folder, null);
        Assert.Equal(["http://127.0.0.1:1", "https://[::1]:2"], options.Urls);
        Assert.Equal(["10.0.0.1/32", "10.1.0.0/16"], options.Proxies.Select(proxy => proxy.ToString()));
        Assert.Equal((20, 500), (options.Connections, options.ConnectionsPerAddress));
        Assert.Equal((3L << 20, new Quotas().Practice), (options.Quotas.Person, options.Quotas.Practice));
        Assert.True(options.JsonLog);
        Assert.Equal(2, options.SessionLasts.TotalHours);
        Assert.Equal("http://127.0.0.1:5/a/", options.HalaxyAddress!.AbsoluteUri);
        Assert.Equal(["http://127.0.0.1:3"], Settings.Read(_folder, "http://127.0.0.1:3").Urls);
    }

    private void Write(params string[] settings) =>
        File.WriteAllText(Path.Combine(_folder, "settings.json"), JsonSerializer.Serialize(settings.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1])));
}
