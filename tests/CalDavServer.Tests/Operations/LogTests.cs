using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>What a person wrote, was given or is called never gets into the log, whatever is asked of the server.</summary>
public sealed class LogTests
{
    private const string Marker = "zzmarkerzz";

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task No_line_of_the_log_has_anything_of_a_person_in_it(string format)
    {
        await using var program = new ServerProgram();
        program.Write("people.csv", $"login,name,email,role,app_password,id\n{Marker}@example.org,{Marker} Name,{Marker}@mail.example,user,{Marker}-password-1234,{Marker}-id\n");
        Assert.Equal(0, (await program.RunAsync("import-users", "people.csv")).Code);
        var settings = new Dictionary<string, string> { ["CALENDARSYNC_LOG"] = format, ["CALENDARSYNC_REQUESTLOG"] = "true", ["CALENDARSYNC_METRICSTOKEN"] = Marker + "0123456789" };
        var server = await program.ServeAsync(settings, "--urls", "http://127.0.0.1:0", "--no-demo");
        var logged = server.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        var statuses = await AskAsync(server.Url);
        Assert.Equal(0, await ServerProgram.StopAsync(server));

        var lines = (await logged).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length >= statuses.Count, string.Join('\n', lines));
        Assert.All(lines, line => Assert.DoesNotContain(Marker, line, StringComparison.OrdinalIgnoreCase));
        Assert.All(lines, line => Assert.DoesNotContain("/dav", line, StringComparison.Ordinal));
        Assert.Contains(201, statuses);
        Assert.Contains(401, statuses);
        if (format == "json") CheckJson(lines, statuses);
    }

    [Fact]
    public async Task No_request_is_logged_unless_it_is_asked_for()
    {
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(null, "--urls", "http://127.0.0.1:0", "--no-demo");
        var logged = server.Process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        await AskAsync(server.Url);
        await ServerProgram.StopAsync(server);

        Assert.Equal("", await logged);
    }

    [Theory]
    [InlineData("CALENDARSYNC_LOG", "xml")]
    [InlineData("CALENDARSYNC_METRICSTOKEN", "short")]
    [InlineData("CALENDARSYNC_OTLP", "nowhere")]
    public async Task A_setting_that_is_wrong_is_told_in_one_sentence(string name, string value)
    {
        await using var program = new ServerProgram();

        var result = await program.RunWithAsync(new() { [name] = value }, "serve", "--urls", "http://127.0.0.1:0", "--no-demo");

        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void CheckJson(string[] lines, List<int> statuses)
    {
        var requests = new List<JsonElement>();
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var entry = document.RootElement.Clone();
            Assert.False(entry.TryGetProperty("Scopes", out _));
            if (entry.GetProperty("State").TryGetProperty("Bytes", out _)) requests.Add(entry.GetProperty("State"));
        }

        Assert.Equal(statuses, requests.Select(request => request.GetProperty("Status").GetInt32()));
        Assert.Contains(requests, request => request.GetProperty("Report").GetString() == "sync-collection" && request.GetProperty("Route").GetString() == "calendar");
        Assert.Contains(requests, request => request.GetProperty("Method").GetString() == "other");
        Assert.Contains(requests, request => request.GetProperty("Person").GetString()!.StartsWith("sha256:", StringComparison.Ordinal));
        Assert.All(requests, request => Assert.NotEqual("", request.GetProperty("TraceId").GetString()));
        Assert.Contains(requests, request => request.GetProperty("Method").GetString() == "GET" && request.GetProperty("Bytes").GetInt64() > 100);
    }

    /// <summary>Makes many kinds of requests, one after the other, and gives their statuses.</summary>
    private static async Task<List<int>> AskAsync(Uri url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = url };
        var good = Basic($"{Marker}@example.org", $"{Marker}-password-1234");
        var calendar = $"/dav/calendars/{Marker}-id/calendar/";
        var statuses = new List<int>();
        async Task Send(string method, string path, AuthenticationHeaderValue? login, string? body = null, string type = "application/xml", params (string, string)[] headers)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Authorization = login } };
            if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            statuses.Add((int)response.StatusCode);
        }

        var title = Events.Event(Marker + "-uid", Marker + " title", $"DESCRIPTION:{Marker}", $"LOCATION:{Marker}");
        await Send("PUT", calendar + Marker + ".ics", good, title, "text/calendar");
        await Send("GET", calendar + Marker + ".ics?" + Marker, good);
        await Send("PUT", calendar + Marker + "-2.ics", good, title, "text/calendar");
        await Send("PUT", calendar + Marker + "-3.ics", good, Marker + " is no calendar", "text/calendar");
        await Send("PUT", calendar + Marker + ".ics", good, title, "text/calendar", ("If-Match", $"\"{Marker}\""));
        await Send("PROPFIND", calendar, good, $"<propfind xmlns='DAV:'><prop><{Marker} xmlns='{Marker}'/></prop></propfind>", headers: ("Depth", "1"));
        await Send("PROPFIND", calendar, good, $"<{Marker}", headers: ("Depth", Marker));
        await Send("PROPFIND", calendar, good, $"<{Marker}");
        await Send("PROPPATCH", calendar, good, $"<propertyupdate xmlns='DAV:'><set><prop><displayname>{Marker}</displayname></prop></set></propertyupdate>");
        await Send("REPORT", calendar, good, "<sync-collection xmlns='DAV:'><sync-token/><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>", headers: ("Depth", "0"));
        await Send("REPORT", calendar, good, $"<sync-collection xmlns='DAV:'><sync-token>{Marker}</sync-token><sync-level>1</sync-level><prop/></sync-collection>");
        await Send("REPORT", calendar, good, $"<C:calendar-multiget xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><prop><getetag/></prop><href>/{Marker}</href></C:calendar-multiget>");
        await Send("MKCALENDAR", $"/dav/calendars/{Marker}-id/{Marker}-new/", good);
        await Send("MOVE", calendar + Marker + ".ics", good, null, headers: ("Destination", calendar + Marker + "-moved.ics"));
        await Send("DELETE", calendar + Marker + "-moved.ics", good);
        await Send(Marker.ToUpperInvariant(), calendar, good);
        await Send("GET", "/" + Marker, good);
        await Send("GET", "/api/" + Marker, good);
        await Send("GET", "/feeds/" + Marker + ".ics", good);
        await Send("GET", "/metrics", new AuthenticationHeaderValue("Bearer", Marker + "-wrong"));
        await Send("GET", "/health/" + Marker, null);
        await Send("PROPFIND", $"/dav/principals/{Marker}-id/", Basic($"{Marker}@example.org", Marker + "-wrong"));
        await Send("PROPFIND", $"/dav/principals/{Marker}-id/", Basic(Marker + "-nobody", Marker));
        await Send("GET", "/dav/%zz" + Marker, good);
        return statuses;
    }

    private static AuthenticationHeaderValue Basic(string login, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")));
}
