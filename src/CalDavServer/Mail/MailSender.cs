using System.Net.Sockets;
using System.Security.Authentication;
using NodaTime;

namespace CalDavServer.Mail;

/// <summary>
/// Sends letters in the background, a few at a time; one that the mail server cannot take now is tried again. Letters are in memory: those
/// under way when the server stops are lost, and whoever waits for one asks again. Off when there are no settings.
/// </summary>
internal sealed partial class MailSender(MailSettings? settings, IClock clock, ILogger<MailSender> logger) : IHostedService, IDisposable
{
    private const int MaxUnderWay = 1000;
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connections = new(2);
    private int _underWay;

    /// <summary>Whether there is a mail server. When there is none pages say so.</summary>
    public bool IsConfigured => settings is not null;

    /// <summary>Sends a letter soon. False when it cannot: there is no mail server, the address is none, or too many are under way.</summary>
    public bool Send(Letter letter)
    {
        if (settings is null || !Letter.IsAddress(letter.To) || _stop.IsCancellationRequested) return false;
        if (Interlocked.Increment(ref _underWay) > MaxUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            LogFull(logger);
            return false;
        }

        _ = Task.Run(() => DeliverAsync(settings, letter));
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    // more than once: it is a service of its own and a hosted one
    public void Dispose()
    {
        _stop.Dispose();
        _connections.Dispose();
    }

    private async Task DeliverAsync(MailSettings to, Letter letter)
    {
        try
        {
            foreach (var pause in to.Pauses)
            {
                if (await TryAsync(to, letter, isLast: false)) return;
                await Task.Delay(pause, _stop.Token);
            }

            await TryAsync(to, letter, isLast: true);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // the server stops
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    // true when there is nothing more to do for it
    private async Task<bool> TryAsync(MailSettings to, Letter letter, bool isLast)
    {
        await _connections.WaitAsync(_stop.Token);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(AttemptLimit);
            await SmtpConversation.SendAsync(to, letter.To, letter.Compose(to.From, clock.GetCurrentInstant()), limit.Token);
            return true;
        }
        catch (SmtpException refused)
        {
            LogRefused(logger, refused.Message);
            if (!refused.IsTemporary || isLast) LogGivenUp(logger);
            return !refused.IsTemporary;
        }
        catch (Exception failure) when (IsOfNetwork(failure))
        {
            LogUnreachable(logger, failure.GetType().Name);
            if (isLast) LogGivenUp(logger);
            return false;
        }
        finally
        {
            _connections.Release();
        }
    }

    private bool IsOfNetwork(Exception failure) =>
        failure is IOException or SocketException or AuthenticationException || (failure is OperationCanceledException && !_stop.IsCancellationRequested);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server did not take a letter: {Step}")]
    private static partial void LogRefused(ILogger logger, string step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server cannot be reached: {Cause}")]
    private static partial void LogUnreachable(ILogger logger, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "A letter was given up")]
    private static partial void LogGivenUp(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Too many letters are under way: one was not sent")]
    private static partial void LogFull(ILogger logger);
}
