using CalDavServer.Links;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Devices;

/// <summary>Links in words.</summary>
internal static class LinkWords
{
    /// <summary>What can be shown of private appointments, with its meaning and the title that is there then.</summary>
    public static IReadOnlyList<(PrivateAs Shown, string Name, string Meaning, string? Title)> PrivateChoices { get; } =
    [
        (PrivateAs.Busy, "As busy", "When you are busy, and nothing else", "Busy"),
        (PrivateAs.Nothing, "Not at all", "They are not in this calendar: to whoever looks there, that time is free", null),
    ];

    /// <summary>Why an account was not connected.</summary>
    /// <param name="words">The service.</param>
    /// <param name="fault">Why.</param>
    /// <param name="expected">The account that was to be connected again; null for any.</param>
    /// <param name="given">The account that it was instead; null when it is not known.</param>
    public static string Of(ProviderWords words, SignInFault fault, string? expected = null, string? given = null) => fault switch
    {
        SignInFault.Denied => $"Nothing was connected: access was not allowed at {words.Name}. You can try again whenever you like.",
        SignInFault.BoxUnticked => $"Nothing was connected: {words.NotAllowed}",
        SignInFault.Expired => $"Nothing was connected: this sign-in at {words.Name} is too old, was used already, or was begun in another browser. Connect again.",
        SignInFault.WrongAccount => $"Nothing was changed: you chose {given} at {words.Name}, but this link is with {expected}. Connect again and choose {expected}, or add {given} as another account.",
        SignInFault.NotRegistered => $"Nothing was connected: {words.Name} does not know this server as it is set up. Tell whoever runs it that its client id, its client secret or its redirect address is not the one that is registered with {words.Name}.",
        SignInFault.NeedsAdministrator => $"Nothing was connected: your organisation does not let people connect apps to {words.Name} themselves. Ask its administrator to allow this server, and connect again.",
        _ => $"Nothing was connected: {words.Name} does not answer as it should. Try again in a few minutes.",
    };

    /// <summary>How a link stands, in a word with the badge's class and in a sentence.</summary>
    public static (string Word, string Badge, string Sentence) State(LinkStanding standing) => standing switch
    {
        { Link: null, Account.LostAt: null } => ("Not finished", "warn", "The account is connected, but has no calendar yet: choose what it may show."),
        { Link: null } => ("Connect again", "bad", standing.Account.LostBecause ?? ""),
        { Access: not HxState.Active } => ("Paused", "warn", "Your subscription has ended: nothing is read or written until it is bought again. Nothing is lost."),
        { Link.State: LinkState.Paused } => ("Paused", "warn", "You have paused it: nothing is read or written until you resume it. Nothing is lost."),
        { Link.State: LinkState.CalendarGone } => ("Calendar deleted", "bad", $"The calendar was deleted at {standing.Words.Name}. Nothing in your diary was deleted: make the calendar again, or disconnect."),
        { Link.State: LinkState.DeletesHeld } => ("Deletions wait", "bad", $"Many appointments were deleted at {standing.Words.Name} at once. Nothing in your diary is deleted until you say that this was meant. Until then nothing is read or written, and nothing is lost."),
        { Link.State: LinkState.NeedsReconnecting } or { Account.LostAt: not null } =>
            ("Connect again", "bad", $"{standing.Account.LostBecause ?? $"{standing.Words.AtStart} no longer lets this server in."} Nothing is lost: connect the account again, and everything catches up."),
        { Failures: > 0, Fault: OutsideFault.NotRegistered } => ("Waiting", "bad", $"{standing.Words.AtStart} does not know this server as it is set up: its registration there may have expired or been switched off. Tell whoever runs this server. Once that is put right, everything catches up automatically, and nothing is lost."),
        { Failures: > 0, Fault: OutsideFault.NotTrusted } => ("Waiting", "bad", $"{standing.Words.AtStart} has a certificate that cannot be trusted: it may have expired. Until that is put right, nothing is sent there, your password included. Then everything catches up automatically, and nothing is lost."),
        { Failures: > 0, Fault: OutsideFault.NotWritten } => ("Waiting", "bad", "The disk of this server is full, or cannot be written to. Tell whoever runs it. Once that is put right, everything catches up automatically, and nothing is lost."),
        { Failures: > 0, Fault: OutsideFault.TooMany } => ("Waiting", "warn", $"{standing.Words.AtStart} asked to be left alone for a while: it has had as many requests as it takes at once. They will be made again automatically once that time is over, and nothing is lost."),
        { Failures: > 0, Fault: null, Link.Failing.Count: > 0 and var failing } => ("Waiting", "warn", $"{standing.Words.AtStart} answers, but fails at {DeviceWords.Count(failing, "appointment")}. That is tried again automatically; if it keeps failing, it is left aside with the reason, and everything else goes on."),
        { Failures: > 0, Fault: null } => ("Waiting", "warn", "This server could not finish comparing both calendars. It will be tried again automatically, and nothing is lost. If it stays like this, tell whoever runs it."),
        { Failures: > 0 } => ("Waiting", "warn", $"{standing.Words.AtStart} does not answer at the moment. It will be tried again automatically, and nothing is lost."),
        { Link.LastPass: null } => ("Beginning", "warn", "The calendar is being filled for the first time."),
        { Link.RewritingSince: not null } => ("Being rewritten", "warn", $"Everything at {standing.Words.Name} is being rewritten to show what you have chosen. Until that is finished, it may still show what it showed before."),
        { IsBehind: true } => ("Catching up", "good", "Your diary has changed since both calendars were last compared. They will be compared again in a moment."),
        { Link.Quarantined.Count: > 0 and var held } => ("Working", "warn", $"Both calendars agree, except for {DeviceWords.Count(held, "appointment")} that one of the sides does not accept."),
        { Link.Count: var count } => ("Working", "good", $"Both calendars agree: {DeviceWords.Count(count, "appointment")}."),
    };

    /// <summary>How many appointments both sides have, beside how many there are to have.</summary>
    public static string Counted(int mirrored, int due, bool isFromNowOn) =>
        $"{mirrored} of the {due} that your diary has for it{(isFromNowOn ? " since it was made" : "")}{(mirrored == due ? "" : ": new ones follow, and those that wait are listed below")}. A repeating one counts once.";

    /// <summary>What happened to a link, in a sentence.</summary>
    public static string Of(LinkEvent happened, string name) => happened.Kind switch
    {
        LinkEventKind.Made => "The link was made.",
        LinkEventKind.Paused => "It was paused.",
        LinkEventKind.WentOn => "It was resumed.",
        LinkEventKind.Lost => $"{name} no longer let this server in.",
        LinkEventKind.Reconnected => "The account was connected again.",
        LinkEventKind.CalendarGone => $"The calendar was found deleted at {name}.",
        LinkEventKind.Renewed => "The calendar was made again.",
        LinkEventKind.DeletesHeld => $"{DeviceWords.Count(happened.Deletions, "deletion")} at once waited for you.",
        LinkEventKind.DeletesAllowed => $"You allowed {DeviceWords.Count(happened.Deletions, "deletion")}.",
        LinkEventKind.DeletesLookedAt => "You had the deletions checked again.",
        LinkEventKind.DeletesPutBack => $"You had what was deleted at {name} put back there.",
        LinkEventKind.LevelChanged => "What it shows was changed.",
        LinkEventKind.Resynced => "Whoever runs this server had everything compared again.",
        _ => Of(happened.Counts ?? new PassCounts(), name),
    };

    private static string Of(PassCounts counts, string name)
    {
        List<string> parts = [];
        if (counts.Out > 0) parts.Add($"{DeviceWords.Count(counts.Out, "appointment")} written at {name}");
        if (counts.In > 0) parts.Add($"{counts.In} brought in from there");
        if (counts.RemovedOut > 0) parts.Add($"{counts.RemovedOut} removed there");
        if (counts.RemovedIn > 0) parts.Add($"{counts.RemovedIn} removed here");
        if (counts.DatesRemovedIn > 0) parts.Add($"{DeviceWords.Count(counts.DatesRemovedIn, "single date")} of repeating appointments removed here");
        if (counts.Conflicts > 0) parts.Add(DeviceWords.Count(counts.Conflicts, "conflict"));
        return $"{string.Join(", ", parts)}.";
    }

    /// <summary>What is shown of private appointments.</summary>
    public static string Private(PrivateAs? shown) => shown == PrivateAs.Nothing ? "not at all" : "as busy";

    /// <summary>A moment, or that there was none.</summary>
    public static string At(Instant? at, DateTimeZone zone, Instant now) => at is { } known ? DeviceWords.At(known, zone, now) : "none yet";
}
