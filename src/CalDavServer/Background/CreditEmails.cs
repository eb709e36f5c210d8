using CalDavServer.Mail;
using CalDavServer.Options;
using Practice.Subscriptions;

namespace CalDavServer.Background;

/// <summary>
/// Writes to practitioners and administrators what renewals noted: that credits will be missing, or that a subscription has ended for want of them (R7). Apart from renewals, which never wait for a mail
/// server. An e-mail is tried until the mail server takes it or it no longer has anything to say; without a mail server none is written.
/// </summary>
internal sealed partial class CreditEmails(CreditEmailBook book, MailSender mail, ServerOptions options, ILogger<CreditEmails> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    // those that have gone and could not be noted, e.g. on a full disk: they do not go twice
    private readonly HashSet<string> _gone = [];

    /// <summary>Writes the e-mails whose turn it is.</summary>
    public async Task RunAsync(CancellationToken stopping = default)
    {
        foreach (var id in await book.ListDueAsync(stopping))
        {
            try
            {
                await WriteAsync(id, stopping);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // one must not hold up the others
                Failed(log, failure.GetType().Name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // the server starts without waiting for it
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // whatever it is, an exception here would stop the server
                Failed(log, failure.GetType().Name);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteAsync(string id, CancellationToken stopping)
    {
        if (!_gone.Contains(id))
        {
            if (await book.FindAsync(id, stopping) is not { } due || !mail.IsConfigured || !await book.BeginAsync(due)) return;
            if (await mail.TryAsync(CreditEmailText.Of(due, options.PublicAddress) with { Name = id }) == MailOutcome.NotNow) return;
            _gone.Add(id);
        }

        if (await book.EndAsync(id)) _gone.Remove(id);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An e-mail about credits could not be written ({Failure})")]
    private static partial void Failed(ILogger logger, string failure);
}
