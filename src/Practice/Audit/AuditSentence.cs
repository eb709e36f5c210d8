using System.Globalization;
using Calendaring.Store;
using NodaTime;
using NodaTime.Text;

namespace Practice.Audit;

/// <summary>An audit line in words: "Moved by Thunderbird on Maya's laptop, 12:03 on 4 March 2026".</summary>
public static class AuditSentence
{
    private static readonly LocalDateTimePattern Moment = LocalDateTimePattern.Create("HH':'mm 'on' d MMMM uuuu", CultureInfo.InvariantCulture);

    private static readonly LocalDatePattern Date = LocalDatePattern.Create("d MMMM uuuu", CultureInfo.InvariantCulture);

    /// <summary>The whole sentence, without a full stop.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="zone">The practice group's time zone.</param>
    /// <param name="nameOf">The display name of a person, or the label of an app password, by id; null when there is no such any more.</param>
    public static string Of(AuditEntry entry, DateTimeZone zone, Func<string, string?> nameOf) =>
        $"{WhatOf(entry, nameOf)} {ByOf(entry)}, {TimeOf(entry, zone)}{ChangeOf(entry, zone)}";

    /// <summary>What the store noted: "Lines 1 to 3 and 7 were erased on request".</summary>
    public static string Of(LogStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        if (statement.Erased.Count == 0) return "The chain says from here on whose log this is";
        var ranges = statement.Erased.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First} to {range.Last}").ToList();
        var one = statement.Erased is [var only] && only.First == only.Last;
        var list = ranges.Count == 1 ? ranges[0] : $"{string.Join(", ", ranges.SkipLast(1))} and {ranges[^1]}";
        return one ? $"Line {list} was erased on request" : $"Lines {list} were erased on request";
    }

    /// <summary>What the store noted in a line; null when it is a line of somebody's, or erased.</summary>
    public static string? OfStatement(AuditLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Statement is { } statement ? Of(statement) : null;
    }

    /// <summary>What was done, e.g. "Moved" or "Made an app password for Maya Lindqvist".</summary>
    public static string WhatOf(AuditEntry entry, Func<string, string?> nameOf)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(nameOf);
        var words = entry.Action == AuditAction.Refused ? Refused(entry.Wanted) : Words(entry.Action);
        if (entry.About is { } about)
            words += $"{(entry.Action is AuditAction.HandedOver or AuditAction.Received ? "" : ", for")} {nameOf(about) ?? "somebody who is no longer here"}";
        if (entry.AppPassword is { } appPassword) words = $"{words} (device {entry.AppPasswordLabel ?? nameOf(appPassword) ?? appPassword})";
        return entry.Occurrence is { } occurrence ? $"{words} (the one of {Moment.Format(occurrence)}{(entry.AndFollowing ? " and all that follow" : "")})" : words;
    }

    /// <summary>What was before and what is after: ": before 10:00 on 4 March 2026 to 10:45, after …"; nothing where the line does not say.</summary>
    public static string ChangeOf(AuditEntry entry, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var times = entry is { Before: { } before, After: { } after } ? $": before {SpanOf(before, zone)}, after {SpanOf(after, zone)}" : "";
        return entry is { StatusBefore: { } was, StatusAfter: { } became } ? $"{times}{(times.Length == 0 ? ":" : ";")} before {StatusOf(was)}, after {StatusOf(became)}" : times;
    }

    private static string SpanOf(AuditSpan span, DateTimeZone zone)
    {
        var (from, until) = span.In(zone);
        if (span.AllDay) return span.LastDay(zone) is var last && last == from.Date ? Date.Format(last) : $"{Date.Format(from.Date)} to {Date.Format(last)}";
        return $"{Moment.Format(from)} to {(from.Date == until.Date ? until.ToString("HH':'mm", CultureInfo.InvariantCulture) : Moment.Format(until))}";
    }

    private static string StatusOf(string status) => status == "DidNotAttend" ? "not attended" : status.ToLowerInvariant();

    /// <summary>By whom and by what device.</summary>
    public static string ByOf(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Via switch
        {
            ActorVia.Link => $"by the link to {entry.Device ?? entry.Who}",
            ActorVia.Command => "by a command on the server",
            ActorVia.Server => "by the server",
            ActorVia.Halaxy => "in Halaxy",
            ActorVia.OneTimeLink => $"by {entry.Who} with a one-time link",
            _ when entry.Client is { } client && entry.Device is { } device => $"by {client} on {device}",
            _ when entry.Device is { } device && device != entry.Who => $"by {entry.Who} on {device}",
            _ => $"by {entry.Who}",
        };
    }

    /// <summary>When, in the practice's time zone.</summary>
    public static string TimeOf(AuditEntry entry, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Moment.Format(entry.At.InZone(zone).LocalDateTime);
    }

    private static string Refused(AuditAction wanted) => wanted switch
    {
        AuditAction.Moved => "A move was refused",
        AuditAction.Cancelled => "A cancellation was refused",
        AuditAction.Deleted => "A deletion was refused",
        AuditAction.Added => "A new appointment was refused",
        AuditAction.Restored => "Putting it back was refused",
        _ => "A change was refused",
    };

    /// <summary>What was done, without whom and what it was about.</summary>
    public static string Words(AuditAction action) => action switch
    {
        AuditAction.Booked => "Booked",
        AuditAction.Added => "Added",
        AuditAction.Edited => "Edited",
        AuditAction.Moved => "Moved",
        AuditAction.EditedInPart => "Edited, but not everything could be accepted",
        AuditAction.TakenOver => "The device's version was used",
        AuditAction.LeftAsItIs => "The diary's version was kept",
        AuditAction.Renamed => "Stored under another name",
        AuditAction.Cancelled => "Cancelled",
        AuditAction.DidNotAttend => "Marked as not attended",
        AuditAction.KeptInDiary => "Removed from the calendar but kept in the diary",
        AuditAction.Restored => "Put back in the calendar",
        AuditAction.Deleted => "Deleted",
        AuditAction.ShownAnew => "Names and details brought up to date",
        AuditAction.SetBack => "Set back to how it was, as the change was refused",
        AuditAction.Converted => "Turned into a patient appointment",
        AuditAction.Split => "Series ended here and continued as a new one",
        AuditAction.InvoiceLinked => "Invoice linked",
        AuditAction.InvoiceUnlinked => "Invoice unlinked",
        AuditAction.NoteLinked => "Clinical note linked",
        AuditAction.NoteUnlinked => "Clinical note unlinked",
        AuditAction.Published => "Shown in the synced calendar from now on",
        AuditAction.HandedOver => "Moved to the calendar of",
        AuditAction.Received => "Moved here from the calendar of",
        AuditAction.SignedIn => "Signed in",
        AuditAction.SignInFailed => "Sign-in failed",
        AuditAction.SignedOut => "Signed out",
        AuditAction.SessionEnded => "A signed-in session was ended",
        AuditAction.Invited => "Invited to the practice",
        AuditAction.InvitationAccepted => "Invitation accepted",
        AuditAction.Deactivated => "Access taken away",
        AuditAction.Reactivated => "Access given back",
        AuditAction.PasswordChanged => "Password changed",
        AuditAction.PasswordResetRequested => "A link to reset the password was asked for",
        AuditAction.PasswordReset => "Password reset",
        AuditAction.SecondFactorOn => "Two-step sign-in turned on",
        AuditAction.SecondFactorOff => "Two-step sign-in turned off",
        AuditAction.RecoveryCodesMade => "New recovery codes made",
        AuditAction.PasskeyAdded => "Passkey added",
        AuditAction.PasskeyRemoved => "Passkey removed",
        AuditAction.PasswordRemoved => "Password removed",
        AuditAction.AddressChanged => "E-mail address changed",
        AuditAction.AdministratorAdded => "Somebody became an administrator",
        AuditAction.PersonChanged => "Details of a person changed",
        AuditAction.PracticeChanged => "Details of the practice changed",
        AuditAction.AppPasswordMade => "App password made",
        AuditAction.AppPasswordChanged => "App password changed",
        AuditAction.AppPasswordLevelChanged => "Privacy level of an app password changed",
        AuditAction.AppPasswordReplaced => "App password replaced by a new one",
        AuditAction.AppPasswordRevoked => "App password revoked",
        AuditAction.LinkMade => "Link to an outside calendar made",
        AuditAction.LinkChanged => "Link to an outside calendar changed",
        AuditAction.LinkRemoved => "Link to an outside calendar removed",
        AuditAction.HalaxyConnected => "Connected the practice to Halaxy",
        AuditAction.HalaxyDisconnected => "Disconnected the practice from Halaxy",
        AuditAction.HalaxyForgotten => "Had the server forget which appointments came from Halaxy",
        AuditAction.HalaxyMatched => "Changed who is who in Halaxy",
        AuditAction.HalaxyKeyChanged => "Gave the connection to Halaxy another API key",
        AuditAction.SyncSetUp => "Calendar synchronisation set up",
        AuditAction.ExistingIncluded => "Existing appointments included in the synced calendar",
        AuditAction.FeedMade => "One-way calendar feed switched on",
        AuditAction.FeedChanged => "Privacy level of the one-way calendar feed changed",
        AuditAction.FeedRegenerated => "New address for the one-way calendar feed made",
        AuditAction.FeedStopped => "One-way calendar feed switched off",
        AuditAction.FeedSent => "Address of the one-way calendar feed e-mailed",
        AuditAction.SubscriptionBought => "Calendar synchronisation bought",
        AuditAction.SubscriptionRenewed => "Calendar synchronisation renewed",
        AuditAction.SubscriptionCancelled => "Calendar synchronisation cancelled",
        AuditAction.SubscriptionResumed => "Cancellation of calendar synchronisation taken back",
        AuditAction.SubscriptionLapsed => "Calendar synchronisation ended",
        AuditAction.CreditsAdded => "Credits added",
        AuditAction.PaymentBandChanged => "Payment band of the practice changed",
        AuditAction.AuditExported => "Audit log downloaded",
        AuditAction.Exported => "Data exported",
        AuditAction.Erased => "Data erased",
        _ => "Something was done",
    };
}
