using System.Diagnostics;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Operations;

/// <summary>
/// A disk that takes no writes, as clients see it. The kernel's limit on the size of files makes one of any disk, for the server's process alone and without privilege: each write is an I/O error
/// until the limit is lifted.
/// </summary>
public sealed class FailingDiskTests
{
    private const string Login = "alice";
    private const string Password = "a-password-of-the-test";

    [Fact]
    public async Task Writes_are_503_with_Retry_After_reads_go_on_and_so_do_writes_when_the_disk_is_back()
    {
        await using var program = new ServerProgram();
        var users = program.Write("users.csv", $"login,name,email,role,practice,app_password,id\n{Login},A User,{Login}@example.com,user,,{Password},{Login}\n");
        Assert.Equal(0, (await program.RunAsync("import-users", users, "--data", program.Data)).Code);
        var server = await program.ServeAsync(null, "--data", program.Data, "--urls", "http://127.0.0.1:0", "--no-demo");
        using var client = new DavClient(server.Url, "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Login}:{Password}")), Login);
        var calendar = client.Calendar("new");
        Assert.Equal(201, (await client.SendAsync("MKCALENDAR", calendar)).Status);
        for (var n = 0; n < 3; n++) Assert.Equal(201, (await client.PutAsync($"{calendar}{n}.ics", Events.Event($"{n}"))).Status);

        LimitFiles(server, "0");
        for (var again = 0; again < 2; again++)
        {
            AssertUnavailable(await client.PutAsync(calendar + "more.ics", Events.Event("more")));
            AssertUnavailable(await client.PutAsync(calendar + "0.ics", Events.Event("0", "Changed")));
            AssertUnavailable(await client.DeleteAsync(calendar + "1.ics"));
            AssertUnavailable(await client.SendAsync("MOVE", calendar + "1.ics", null, ("Destination", calendar + "moved.ics")));
            AssertUnavailable(await client.SendAsync("PROPPATCH", calendar, Set(new System.Xml.Linq.XElement(D + "displayname", "x"))));
            AssertUnavailable(await client.SendAsync("MKCALENDAR", client.Calendar("newer")));
            AssertUnavailable(await client.DeleteAsync(calendar));
        }

        await CheckObjectsAsync(client, calendar);
        LimitFiles(server, "unlimited");
        await CheckObjectsAsync(client, calendar);
        Assert.Equal(201, (await client.PutAsync(calendar + "more.ics", Events.Event("more"))).Status);
        Assert.Equal(204, (await client.DeleteAsync(calendar + "more.ics")).Status);

        Assert.Equal(0, await ServerProgram.StopAsync(server));
        var check = await program.RunAsync("check", "--data", program.Data);
        Assert.True(check.Code == 0, check.Output + check.Error);
    }

    private static async Task CheckObjectsAsync(DavClient client, string calendar)
    {
        for (var n = 0; n < 3; n++) Assert.Equal(Events.Event($"{n}"), (await client.GetAsync($"{calendar}{n}.ics")).Text);
        Assert.Equal(4, (await client.PropFindAsync(calendar, "1", D + "getetag")).Hrefs.Count);
    }

    private static void AssertUnavailable(DavAnswer answer)
    {
        Assert.Equal((503, "The server's disk cannot be written to; nothing was changed.\n"), (answer.Status, answer.Text));
        Assert.True(int.TryParse(answer.Header("Retry-After"), out var seconds) && seconds is > 0 and < 600, answer.Header("Retry-After"));
    }

    /// <summary>Sets how large the server's process may make a file.</summary>
    internal static void LimitFiles(RunningServer server, string bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{server.Process.Id}", $"--fsize={bytes}:"]);
        limit.WaitForExit();
        Assert.Equal(0, limit.ExitCode);
    }
}
