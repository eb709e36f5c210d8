using System.CommandLine;

namespace CalDavServer.Operations.Commands;

/// <summary><c>health --url URL</c>: for container health checks, in images that have no HTTP client.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Where the server listens", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8008" };
        var command = new Command("health", "Ask a running server whether it is ready") { url };
        command.SetAction(async (parsed, cancelled) =>
        {
            var given = parsed.GetRequiredValue(url);
            if (!Uri.TryCreate(given, UriKind.Absolute, out var server)) throw new CommandFailure($"'{given}' is not an address. Write it like http://127.0.0.1:8008.", ExitCode.Usage);
            using var client = new HttpClient { Timeout = Limit };
            try
            {
                using var answer = await client.GetAsync(new Uri(server, "/health/ready"), cancelled);
                if (!answer.IsSuccessStatusCode) throw new CommandFailure("The server is not ready.");
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or NotSupportedException)
            {
                throw new CommandFailure($"The server does not answer: {Sentence.Of(failure)}");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync("The server is ready.");
        });
        return command;
    }
}
