using CalDavServer.Mail;
using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Background.Anchors;

/// <summary>Writes anchors once a day, and at each start, to where settings say: a file outside the data folder, and an e-mail to the server's administrator.</summary>
internal sealed partial class DailyAnchors(ICalendarStore store, IClock clock, ServerOptions options, MailSender mail, ILogger<DailyAnchors> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var key = AnchorKey.Open(options.KeyFolder!);
        var anchors = await AnchorBook.MakeAsync(store, key, clock.GetCurrentInstant(), stopping);
        if (anchors.Count == 0) return;
        if (options.AnchorFile is { } file) await AnchorBook.AppendAsync(file, anchors, stopping);
        if (options.AnchorMail is { } to) mail.Send(EmailTo(to, anchors));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.KeyFolder is null || (options.AnchorFile is null && options.AnchorMail is null)) return;

        // the server starts without waiting for it
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                // whatever it is, an exception here would stop the server
                Failed(log, failure.GetType().Name);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Email EmailTo(string to, IReadOnlyList<Anchor> anchors) => new(to, "Anchors of the audit logs", $"""
        Hello,

        these are the last lines of the audit logs, signed. Keep this e-mail: saved as a file, "audit verify --anchors FILE" shows with it later whether anything before them was touched.

        {string.Join("\n", anchors.Select(anchor => anchor.Write()))}

        """);

    [LoggerMessage(Level = LogLevel.Error, Message = "The anchors of the audit logs could not be written ({Failure}); the next attempt is in a day")]
    private static partial void Failed(ILogger logger, string failure);
}
