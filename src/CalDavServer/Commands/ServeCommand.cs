using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using CalDavServer.Hosting;
using CalDavServer.Http;
using CalDavServer.Links;
using CalDavServer.Options;
using CalDavServer.Storage;
using NodaTime;
using ProviderBridge.Sync;

namespace CalDavServer.Commands;

/// <summary><c>serve</c>, also when no command is named.</summary>
internal sealed class ServeCommand(Option<string> data)
{
    private readonly Option<string?> _urls = new("--urls")
    {
        Description = "Where to listen, separated by semicolons [default: http://127.0.0.1:8008]",
        HelpName = "URLS",
    };

    private readonly Option<bool> _noDemo = new("--no-demo") { Description = "Make no demonstration practice in an empty data folder" };

    /// <summary>Gives a command the options and the action of serve.</summary>
    public void AddTo(Command command)
    {
        command.Add(_urls);
        command.Add(_noDemo);
        command.SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancelled)
    {
        var folder = parsed.GetRequiredValue(data);
        var options = Settings.Read(folder, parsed.GetValue(_urls));
        if (Settings.Exposed(folder) is { } warning) await parsed.InvocationConfiguration.Error.WriteLineAsync(warning);
        await using var store = await DataFolder.OpenOrCreateAsync(folder);
        options = options with { KeyFolder = DataFolder.KeysOf(folder) };
        await LinkLease.EndEarlierAsync(store, SystemClock.Instance.GetCurrentInstant(), cancelled);
        var firstStart = !parsed.GetValue(_noDemo) && await FirstStart.IsDueAsync(store, cancelled);

        // whoever is early waits until the demonstration is made
        var opened = new TaskCompletionSource();
        if (firstStart) options = options with { Opened = opened.Task };
        await using var server = ServerHost.Build(options, store, SystemClock.Instance);
        await StartAsync(server, options.Urls);
        var output = parsed.InvocationConfiguration.Output;
        if (firstStart) await FirstStart.RunAsync(store, SystemClock.Instance, AddressOf(server), output);
        opened.SetResult();
        await using var channel = CommandChannel.TryOpen(new ServedFolder(store, Path.GetFullPath(folder), options.PublicAddress ?? AddressOf(server), server.Services.GetService<ServedLinks>()));
        foreach (var url in server.Urls)
            await output.WriteLineAsync($"CalendarSync serves {url}/ from {Path.GetFullPath(folder)}. Ctrl+C stops it.");
        await server.WaitForShutdownAsync(cancelled);
    }

    private static async Task StartAsync(WebApplication server, IReadOnlyList<string> urls)
    {
        try
        {
            await server.StartAsync();
        }
        catch (Exception failure) when (failure is IOException or SocketException or InvalidOperationException or CryptographicException)
        {
            throw new CommandFailure($"The server cannot listen on {string.Join(" and ", urls)}: {Sentence.Of(failure)}");
        }
    }

    // the one for a person to type: 0.0.0.0 and [::] mean every address of this machine
    private static Uri AddressOf(WebApplication server)
    {
        var url = server.Urls.First();
        foreach (var every in new[] { "0.0.0.0", "[::]" }) url = url.Replace(every, "127.0.0.1", StringComparison.Ordinal);
        return new Uri(url + "/");
    }
}
