using CalDavServer.Mail;
using CalDavServer.Options;
using Practice.People;
using ProviderBridge.Halaxy;

namespace CalDavServer.Links.Halaxy;

/// <summary>Writes to the administrators of a practice when its connection to Halaxy begins to wait for one of them. Their pages say it too, for as long as it lasts.</summary>
internal sealed class HalaxyEmails(HalaxyConnections connections, PracticePeople people, MailSender mail, ServerOptions options)
{
    /// <summary>Tells them.</summary>
    public async Task TellAsync(string groupId, CancellationToken cancelled)
    {
        if (await connections.FindAsync(groupId, cancelled) is not { IsConnected: true, Mirrors: false } connection) return;
        var (subject, what) = WordsOf(connection.State);
        foreach (var person in await people.AdministratorsAsync(groupId))
        {
            if (person.Email is { } address) mail.Send(Write(address, subject, what));
        }
    }

    // no names and no numbers, as in every e-mail
    private static (string Subject, string What) WordsOf(HalaxyState state) => state switch
    {
        HalaxyState.KeyRefused => ("Halaxy does not take your practice's API key", "Halaxy does not take the API key of your practice any more. It needs another one."),
        HalaxyState.MissingScope => ("Your practice's API key lacks a box in Halaxy", "The API key of your practice can no longer see what is needed in Halaxy: boxes have to be ticked for it again."),
        _ => ("Deletions in Halaxy wait for you", "Very many appointments were deleted in Halaxy at once. An administrator has to say whether that is meant."),
    };

    private Email Write(string to, string subject, string what) => new(to, subject, $"""
        Hello,

        {what} Until then no appointment comes from Halaxy or goes there: what is booked there is not on phones and in linked calendars, and what is moved on those is not there. Nothing is lost, and everything follows afterwards.

        What to do:

        {(options.PublicAddress is null ? "Settings > Integrations > Halaxy" : new Uri(options.PublicAddress, "settings/integrations/halaxy"))}

        """);
}
