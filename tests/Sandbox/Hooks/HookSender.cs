using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Sandbox.Faults;

namespace Sandbox.Hooks;

/// <summary>Sends notifications over real sockets; what the vendor would send again is sent again. Their order is not promised, as with the vendors.</summary>
public sealed class HookSender(FaultScript faults, SandboxOptions options) : BackgroundService
{
    private const int Tries = 5;
    private readonly Channel<Delivery> _waiting = Channel.CreateUnbounded<Delivery>();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private sealed record Delivery(string Method, string Account, string Address, IReadOnlyDictionary<string, string> Headers, string? Body);

    public sealed record Sent(string Address, IReadOnlyDictionary<string, string> Headers, string? Body, int Status);

    /// <summary>What was delivered, and how it was answered (0: not at all).</summary>
    public ConcurrentQueue<Sent> Log { get; } = [];

    public void Post(string method, string account, string address, IReadOnlyDictionary<string, string> headers, string? body) =>
        _waiting.Writer.TryWrite(new Delivery(method, account, address, headers, body));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var delivery in _waiting.Reader.ReadAllAsync(stoppingToken)) _ = DeliverAsync(delivery, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the sandbox ends
        }
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken cancel)
    {
        try
        {
            var struck = new Struck(faults.Take(delivery.Method, delivery.Account));
            if (struck.Has(FaultKinds.PushLost)) return;
            if (struck[FaultKinds.PushLate] is { } late) await Task.Delay(late.Milliseconds, cancel);
            await SendAsync(delivery, cancel);
            if (struck.Has(FaultKinds.PushTwice)) await SendAsync(delivery, cancel);
        }
        catch (OperationCanceledException)
        {
            // the sandbox ends: what was not delivered is lost, as it may be with the vendors
        }
    }

    private async Task SendAsync(Delivery delivery, CancellationToken cancel)
    {
        for (var (turn, pause) = (1, options.HookPause); ; turn++, pause *= 2)
        {
            var status = await TryAsync(delivery, cancel);
            // §A4: 500, 502, 503 and 504 are tried again, anything else is not
            if (status is not (500 or 502 or 503 or 504) || turn == Tries) return;
            await Task.Delay(pause, cancel);
        }
    }

    private async Task<int> TryAsync(Delivery delivery, CancellationToken cancel)
    {
        var (status, _) = await AskAsync(delivery.Address, delivery.Headers, delivery.Body, "application/json", cancel);
        Log.Enqueue(new Sent(delivery.Address, delivery.Headers, delivery.Body, status));
        while (Log.Count > 1000) Log.TryDequeue(out _);
        return status;
    }

    public async Task<(int Status, string Text)> AskAsync(string address, IReadOnlyDictionary<string, string> headers, string? body, string type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body ?? "", Encoding.UTF8, type) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await _client.SendAsync(request, cancel);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return (0, "");
        }
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }
}
