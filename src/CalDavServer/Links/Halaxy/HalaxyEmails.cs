using System.Threading.Channels;
using CalDavServer.Mail;
using CalDavServer.Options;
using NodaTime;
using Practice.People;
using ProviderBridge.Halaxy;

namespace CalDavServer.Links.Halaxy;

/// <summary>
/// Writes to the administrators of a practice when its connection to Halaxy begins to wait for one of them, one practice after the other. Their pages say it too, for as long as it lasts. What was written is noted when the mail server
/// has it, so that a server that ends in between writes it when it is started again.
/// </summary>
internal sealed partial class HalaxyEmails(HalaxyConnections connections, PracticePeople people, MailSender mail, ServerOptions options, IClock clock, ILogger<HalaxyEmails> log) : BackgroundService
{
    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    // who has the e-mail of a practice that others of it have not yet
    private readonly Dictionary<(string GroupId, HalaxyState State, string Address), Instant> _sent = [];

    /// <summary>Writes soon to the administrators of a practice that waits for them and were not written to about it.</summary>
    public void Tell(string groupId) => _asked.Writer.TryWrite(groupId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var groupId in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(groupId, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // asked again when the practice is next looked at
                Failed(log, failure.GetType().Name);
            }
        }
    }

    private async Task WriteAsync(string groupId, CancellationToken stopping)
    {
        if (!mail.IsConfigured || await connections.FindAsync(groupId, stopping) is not { IsConnected: true, Mirrors: false } connection) return;
        if (connection.Notice?.Covers(connection.State, clock.GetCurrentInstant()) == true) return;
        var (subject, what) = WordsOf(connection);
        var isDone = true;
        foreach (var person in await people.AdministratorsAsync(groupId))
        {
            if (person.Email is not { } address || (_sent.TryGetValue((groupId, connection.State, address), out var at) && at > clock.GetCurrentInstant() - Duration.FromDays(1))) continue;
            if (await mail.TryAsync(Write(address, subject, what)) == MailOutcome.NotNow) isDone = false;
            else _sent[(groupId, connection.State, address)] = clock.GetCurrentInstant();
        }

        if (!isDone) return;
        await connections.ChangeAsync(groupId, now => now.State == connection.State ? now with { Notice = new HalaxyNotice(now.State, clock.GetCurrentInstant()) } : null);
        foreach (var one in _sent.Keys.Where(one => one.GroupId == groupId).ToList()) _sent.Remove(one);
    }

    // no names and no numbers, as in every e-mail
    private static (string Subject, string What) WordsOf(HalaxyConnection connection) => connection.State switch
    {
        HalaxyState.KeyRefused => ("Halaxy no longer accepts your practice's API key", "Halaxy no longer accepts the API key of your practice. Another one is needed."),
        HalaxyState.KeyLost => ("The calendar server needs your practice's Halaxy API key again", "The calendar server can no longer read the API key of your practice for Halaxy. Enter it again, or another one."),
        HalaxyState.MissingScope => ("A box is not ticked for your practice's API key in Halaxy", $"The API key of your practice can no longer see what is needed in Halaxy. In Halaxy, tick {HalaxyScopes.BoxesOf(connection)} for it again."),
        HalaxyState.DeletionsHeld when connection.HeldLeaving == connection.HeldDeletions => ("Appointments are waiting to leave your practice's diaries", "People in your practice were matched with other people in Halaxy, and a large number of appointments would leave their diaries. An administrator has to say whether this was intended."),
        _ => ("Deletions in Halaxy are waiting for you", "A large number of appointments were deleted in Halaxy at once. An administrator has to say whether this was intended."),
    };

    private Email Write(string to, string subject, string what) => new(to, subject, $"""
        Hello,

        {what} Until then no appointment comes from Halaxy or goes there: bookings made there do not appear on phones or in linked calendars, and moves made on those do not reach Halaxy. Nothing is lost, and everything catches up afterwards.

        What to do:

        {(options.PublicAddress is null ? "Settings > Integrations > Halaxy" : new Uri(options.PublicAddress, "settings/integrations/halaxy"))}

        """);

    [LoggerMessage(Level = LogLevel.Error, Message = "Administrators could not be written to about Halaxy ({Failure})")]
    private static partial void Failed(ILogger logger, string failure);
}
