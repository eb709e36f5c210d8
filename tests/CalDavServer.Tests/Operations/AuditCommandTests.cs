using CalDavServer.Commands;
using CalDavServer.Storage;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task The_logs_of_a_practice_are_verified_and_exported_while_it_serves()
    {
        await using var server = await TestServer.StartAsync();
        var directory = new PracticeDirectory(server.Store, server.Clock);
        var practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
        var maya = await directory.CreatePersonAsync("maya", "Maya Lindqvist", null, PrincipalRole.Practitioner, practice.Id);
        await new Diary(server.Store, server.Clock, maya.Id, new AuditActor("reception", ActorVia.Web, null, "session")).BookAsync(
            new Booking([new Patient("P-1", "Wilhelmina", "Quartz")], "Massage", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromMinutes(30)));
        await server.Store.ApplyAsync(
            StoreBatch.Of(PracticeAudit.Line(practice.Id, server.Clock.GetCurrentInstant(), AuditActor.OnPages(maya, "session"), AuditAction.PasswordChanged)),
            TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("audit-test-").FullName;
        try
        {
            var (code, output, error) = await RunAsync(server, folder, "audit", "verify", "riverbend");
            Assert.Equal((0, ""), (code, error));
            Assert.Matches("Riverbend: intact, 1 lines, last hash [0-9a-f]{64}", output);
            Assert.Matches("Diary of Maya Lindqvist: intact, 1 lines, last hash [0-9a-f]{64}", output);

            Assert.Equal(0, (await RunAsync(server, folder, "audit", "export", "Riverbend", "--output", "all.csv")).Code);
            Assert.Contains("PasswordChanged,Password changed,Maya Lindqvist,", await File.ReadAllTextAsync(Path.Combine(folder, "all.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync(server, folder, "audit", "export", "Riverbend", "--appointments", "MAYA", "--output", "maya.jsonl")).Code);
            Assert.Contains("\"action\":\"Booked\"", await File.ReadAllTextAsync(Path.Combine(folder, "maya.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

            var made = await RunAsync(server, folder, "app-password", "new", "maya");
            var id = made.Output.Split('\n')[2][2..].Trim();
            Assert.Equal(0, (await RunAsync(server, folder, "app-password", "revoke", "maya", id)).Code);
            Assert.Equal(0, (await RunAsync(server, folder, "audit", "export", "Riverbend", "--output", "devices.csv")).Code);
            var devices = await File.ReadAllTextAsync(Path.Combine(folder, "devices.csv"), TestContext.Current.CancellationToken);
            foreach (var action in new[] { "AppPasswordMade", "AppPasswordRevoked" }) Assert.Matches($",{action},.*,{id},", devices);

            Assert.Equal(1, (await RunAsync(server, folder, "audit", "export", "Riverbend", "--output", "all.csv")).Code);
            Assert.Equal(3, (await RunAsync(server, folder, "audit", "export", "Riverbend", "--appointments", "nobody", "--output", "x.csv")).Code);
            Assert.Equal(3, (await RunAsync(server, folder, "audit", "verify", "Elsewhere")).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(TestServer server, string folder, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunInServerAsync(
            new ServedFolder(server.Store, folder, server.Address), folder, arguments, new Silence(), output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Nobody who could be told or asked.</summary>
    private sealed class Silence : Operator
    {
        public override void Tell(string work, double done)
        {
        }

        public override Task<bool> AskAsync(string question) => Task.FromResult(false);
    }
}
