using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using CalDavServer.Commands;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed partial class CommandTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("add-practice")]
    [InlineData("add-user")]
    [InlineData("app-password")]
    [InlineData("rename-practice")]
    [InlineData("app-password new")]
    [InlineData("app-password list")]
    [InlineData("app-password revoke")]
    [InlineData("page-password")]
    [InlineData("import-users")]
    [InlineData("check")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("export")]
    [InlineData("erase-practitioner")]
    [InlineData("audit verify")]
    [InlineData("audit export")]
    [InlineData("health")]
    public async Task Every_command_explains_itself(string command)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await CommandLine.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"], output, error);

        Assert.Equal((0, ""), (code, error.ToString()));
        Assert.Contains($" {command}".TrimEnd(), output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Usage:", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frob")]
    [InlineData("add-practice")]
    [InlineData("add-practice Name")]
    [InlineData("add-user a@example.org --role emperor")]
    [InlineData("serve --frob")]
    [InlineData("app-password new a@example.org --level everything")]
    [InlineData("health --url nowhere")]
    public async Task A_wrong_command_line_ends_with_2_and_says_what_is_wrong(string arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(2, await CommandLine.RunAsync(arguments.Split(' '), output, error));

        Assert.NotEqual("", error.ToString().Trim());
    }

    [Fact]
    public async Task Help_and_exit_code_are_those_of_the_process()
    {
        await using var program = new ServerProgram();

        var help = await program.RunAsync("--help");
        var wrong = await program.RunAsync("frob");

        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Contains("app-password", help.Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), (wrong.Code, wrong.Output.Trim()));
        Assert.False(Directory.Exists(program.Data));
    }

    [Fact]
    public async Task A_practice_group_its_people_and_their_app_passwords_are_made_listed_and_revoked()
    {
        await using var program = new ServerProgram();

        Assert.Equal(0, (await program.RunAsync("add-practice", "Bay Street", "--zone", "Australia/Melbourne")).Code);
        Assert.Equal(0, (await program.RunAsync("add-user", "Anna@Example.org", "--name", "Anna", "--practice", "bay street")).Code);
        var made = await program.RunAsync("app-password", "new", "anna@example.org", "--label", "Phone", "--read-only", "--level", "busy");
        Assert.Matches(@"login +anna@example\.org\r?\npassword +[a-z2-7]{4}(-[a-z2-7]{4}){6}", made.Output);
        var id = IdPrinted().Match(made.Output).Groups[1].Value;

        var listed = await program.RunAsync("app-password", "list", "ANNA@example.org");
        Assert.Contains($"{id}\tPhone\tread-only\tbusy\tmade ", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(PasswordPrinted().Match(made.Output).Groups[1].Value, listed.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await program.RunAsync("app-password", "revoke", "anna@example.org", id)).Code);
        Assert.Equal("", (await program.RunAsync("app-password", "list", "anna@example.org")).Output);
        var renamed = await program.RunAsync("rename-practice", "bay street", "Hill Road");
        Assert.Equal((0, "Bay Street is now named Hill Road."), (renamed.Code, renamed.Output.Trim()));
        Assert.Equal(3, (await program.RunAsync("rename-practice", "bay street", "Elsewhere")).Code);
        Assert.Equal(0, (await program.RunAsync("check")).Code);
    }

    [Fact]
    public async Task R7_Credits_and_the_payment_band_are_for_whoever_runs_the_server()
    {
        await using var program = new ServerProgram();
        await program.RunAsync("add-practice", "Bay Street", "--zone", "Australia/Melbourne", "--subscriptions");
        await program.RunAsync("add-practice", "Hill Road", "--zone", "Australia/Melbourne");
        await program.RunAsync("add-user", "anna", "--practice", "Bay Street");

        Assert.Equal((0, "Bay Street has 40 credits."), Said(await program.RunAsync("credits", "add", "bay street", "40", "--reason", "Invoice 7")));
        Assert.Equal((0, "Bay Street has 45 credits."), Said(await program.RunAsync("credits", "add", "Bay Street", "5", "--reason", "Invoice 8")));
        Assert.Equal(1, (await program.RunAsync("credits", "add", "Bay Street", "0", "--reason", "Invoice 9")).Code);
        Assert.Equal(2, (await program.RunAsync("credits", "add", "Bay Street", "5")).Code);
        Assert.Equal(3, (await program.RunAsync("credits", "add", "Elsewhere", "5", "--reason", "Invoice 9")).Code);
        Assert.Contains("does not pay", (await program.RunAsync("credits", "add", "Hill Road", "5", "--reason", "Invoice 9")).Error, StringComparison.Ordinal);
        Assert.Equal((0, "Bay Street is in the payment band gold."), Said(await program.RunAsync("payment-band", "Bay Street", "gold")));
        Assert.Equal(2, (await program.RunAsync("payment-band", "Bay Street", "copper")).Code);
        Assert.Equal(0, (await program.RunAsync("check")).Code);

        static (int, string) Said(CommandResult result) => (result.Code, result.Output.Trim());
    }

    [Theory]
    [InlineData("app-password new nobody@example.org", 3)]
    [InlineData("app-password list nobody@example.org", 3)]
    [InlineData("app-password revoke a@example.org 1", 3)]
    [InlineData("add-user b@example.org --practice Nowhere", 3)]
    [InlineData("add-user b@example.org --role practitioner", 1)]
    [InlineData("add-user a@example.org --role user", 1)]
    [InlineData("add-user b:c --role user", 1)]
    [InlineData("add-practice Name --zone Nowhere/Else", 1)]
    [InlineData("rename-practice Nowhere Elsewhere", 3)]
    [InlineData("import-users missing.csv", 3)]
    [InlineData("check --data elsewhere", 3)]
    [InlineData("health --url http://127.0.0.1:9", 1)]
    [InlineData("serve --urls nowhere", 1)]
    [InlineData("serve --urls http://127.0.0.1:8008/path", 1)]
    [InlineData("serve --urls http://192.0.2.1:8008", 1)]
    [InlineData("serve --data a-file/data", 1)]
    public async Task What_cannot_be_done_ends_with_one_sentence_and_an_exit_code(string arguments, int code)
    {
        await using var program = new ServerProgram();
        program.Write("a-file", "");
        string[] setUp = ["add-user", "a@example.org", "--role", "user", "--data", program.Data];
        Assert.Equal(0, await CommandLine.RunAsync(setUp, TextWriter.Null, TextWriter.Null));

        var result = await program.RunAsync(arguments.Split(' '));

        Assert.Equal(code, result.Code);
        Assert.Matches(@"^[^\r\n]+[.)]\r?\n$", result.Error);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_sentence()
    {
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(null, "--urls", AnyPort, "--no-demo");

        var second = await program.RunAsync("serve", "--data", "other", "--no-demo", "--urls", server.Url.GetLeftPart(UriPartial.Authority));

        Assert.Equal(1, second.Code);
        Assert.Matches(@"^[^\r\n]+ address already in use\.\r?\n$", second.Error);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_folder_is_refused()
    {
        await using var program = new ServerProgram();
        await program.ServeAsync(null, "--urls", AnyPort, "--no-demo");

        var second = await program.RunAsync("serve", "--urls", AnyPort);

        Assert.Equal(1, second.Code);
        Assert.Matches(@"^[^\r\n]+in use[^\r\n]+\r?\n$", second.Error);
    }

    [Fact]
    public async Task What_a_killed_server_was_mirroring_is_taken_up_at_once_by_the_next()
    {
        await using var program = new ServerProgram();
        await program.RunAsync("add-user", "a@example.org", "--role", "user");
        Assert.True(await HasLeaseAsync());
        Assert.False(await HasLeaseAsync());
        var server = await program.ServeAsync(null, "--urls", AnyPort, "--no-demo");
        server.Process.Kill();
        await server.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(await HasLeaseAsync());

        async Task<bool> HasLeaseAsync()
        {
            await using var store = await SqliteStore.OpenAsync(Directory.GetFiles(program.Data, "*.db").Single(), SystemClock.Instance);
            return await Lease.TakeAsync(store, "link-lease", "l1", SystemClock.Instance.GetCurrentInstant(), Duration.FromMinutes(5), TestContext.Current.CancellationToken) is not null;
        }
    }

    [Fact]
    public async Task A_data_file_of_a_later_version_is_left_alone()
    {
        await using var program = new ServerProgram();
        await program.RunAsync("add-user", "a@example.org", "--role", "user");
        var file = Directory.GetFiles(program.Data, "*.db").Single();

        // offset 60 of an SQLite file is its user version
        await using (var database = File.OpenWrite(file))
        {
            database.Position = 60;
            database.Write([0, 0, 3, 231]);
        }

        var before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var result = await program.RunAsync("serve", "--urls", AnyPort);

        Assert.Equal(1, result.Code);
        Assert.Contains("later version", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Commands_work_beside_the_server_and_an_app_password_they_revoke_is_dead_within_a_second()
    {
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(null, "--urls", AnyPort, "--no-demo");
        Assert.Equal(0, (await program.RunAsync("add-user", "a@example.org", "--role", "user")).Code);
        Assert.Equal(3, (await program.RunAsync("app-password", "new", "b@example.org")).Code);
        var made = await program.RunAsync("app-password", "new", "a@example.org");
        program.Write("more.csv", "login,role\nc@example.org,user\n");
        Assert.Equal("1 imported, 0 already there.", (await program.RunAsync("import-users", "more.csv")).Output.Split('\n')[0]);
        Assert.Equal("No faults were found.", (await program.RunAsync("check")).Output.Trim());
        Assert.Equal("Ready.", (await program.RunAsync("health", "--url", server.Url.ToString())).Output.Trim());

        using var client = new HttpClient();
        var login = $"a@example.org:{PasswordPrinted().Match(made.Output).Groups[1].Value}";
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(client, server.Url));
        Assert.Equal(0, (await program.RunAsync("app-password", "revoke", "a@example.org", IdPrinted().Match(made.Output).Groups[1].Value)).Code);

        var since = System.Diagnostics.Stopwatch.StartNew();
        var sent = since.Elapsed;
        while (await StatusAsync(client, server.Url) != HttpStatusCode.Unauthorized)
        {
            Assert.True(sent < TimeSpan.FromSeconds(1), "the app password still opens the server");
            sent = since.Elapsed;
        }
    }

    [Fact]
    public async Task A_server_that_is_asked_to_stop_ends_with_0_and_what_it_stored_is_whole()
    {
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(null, "--urls", AnyPort, "--no-demo");
        await program.RunAsync("add-user", "a@example.org", "--role", "user");

        Assert.Equal(0, await ServerProgram.StopAsync(server));

        Assert.Equal(0, (await program.RunAsync("check")).Code);
        Assert.Equal(0, (await program.RunAsync("app-password", "list", "a@example.org")).Code);
        Assert.Empty(Directory.GetFiles(program.Data, "*.sock"));
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_settings_file()
    {
        await using var program = new ServerProgram();
        Directory.CreateDirectory(Path.Combine(program.Folder, "place"));
        program.Write("place/settings.json", """{ "urls": "http://127.0.0.1:0", "allowhttp": "perhaps" }""");
        var place = new Dictionary<string, string> { ["CALENDARSYNC_DATA"] = "place" };

        var bad = await program.RunWithAsync(place, "serve", "--no-demo");
        Assert.Equal("The setting 'allowhttp' is 'perhaps': it must be true or false.", bad.Error.Trim());

        place["CALENDARSYNC_ALLOWHTTP"] = "false";
        place["CALENDARSYNC_URLS"] = "nowhere";
        Assert.StartsWith("'nowhere' is not an address", (await program.RunWithAsync(place, "serve", "--no-demo")).Error, StringComparison.Ordinal);

        var server = await program.ServeAsync(place, "--urls", "http://127.0.0.1:0", "--no-demo");
        Assert.True(File.Exists(Path.Combine(program.Folder, "place", "calendar.db")));
        await ServerProgram.StopAsync(server);

        place.Remove("CALENDARSYNC_URLS");
        Assert.NotEqual(8008, (await program.ServeAsync(place, "--no-demo")).Url.Port);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri url)
    {
        using var response = await client.GetAsync(new Uri(url, "/nothing-here"), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    [GeneratedRegex(@"(?m)^id +(\S+)")]
    private static partial Regex IdPrinted();

    [GeneratedRegex(@"(?m)^password +(\S+)")]
    private static partial Regex PasswordPrinted();
}
