using System.CommandLine;
using System.CommandLine.Parsing;
using CalDavServer.Options;

namespace CalDavServer.Commands;

/// <summary><c>health --url URL</c>: for the health check of a container, which has no other client in it.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var url = new Option<Uri>("--url")
        {
            Description = "The server's address",
            HelpName = "URL",
            CustomParser = Parse,
            DefaultValueFactory = _ => new Uri("http://127.0.0.1:8008"),
        };
        var command = new Command("health", "Ask a running server whether it is ready") { url };
        command.SetAction(async (parsed, cancelled) =>
        {
            var address = new Uri(parsed.GetRequiredValue(url), "/health/ready");
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            try
            {
                using var response = await client.GetAsync(address, cancelled);
                if (!response.IsSuccessStatusCode) throw new CommandFailure($"The server at {address.Authority} is not ready.");
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                throw new CommandFailure($"The server at {address.Authority} does not answer.");
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync("Ready.");
        });
        return command;
    }

    private static Uri? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
        result.AddError($"'{text}' is not an address such as http://127.0.0.1:8008.");
        return null;
    }
}
