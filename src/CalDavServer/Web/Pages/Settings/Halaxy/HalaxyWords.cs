using CalDavServer.Web.Calendar;
using CalDavServer.Web.Devices;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Settings.Halaxy;

/// <summary>The connection to Halaxy in words.</summary>
internal static class HalaxyWords
{
    /// <summary>Why a key was not taken.</summary>
    public static string Of(HalaxyFault fault, bool hasRegions) => fault switch
    {
        HalaxyFault.KeyRefused => $"Halaxy does not accept this client id and client secret. {(hasRegions ? "Check the region and both of them" : "Check both of them")}. Halaxy shows the secret only when the key is made: if you no longer have it, make another key there.",
        HalaxyFault.MissingScope => "The key cannot see what is needed. In Halaxy, open the key, tick what is missing, and try again.",
        HalaxyFault.TooMany => "Halaxy is getting too many requests at the moment, from this server and the practice’s other programs together. Try again in a minute.",
        _ => "Halaxy does not answer as it should. Nothing was changed. Try again in a few minutes.",
    };

    /// <summary>How the connection stands, in a word with the badge's class and in a sentence.</summary>
    public static (string Word, string Badge, string Sentence) State(HalaxyConnection connection, int failures, bool compares, bool asked, int tasks, string where = "below") => connection switch
    {
        { State: HalaxyState.KeyRefused } => ("New key needed", "bad", "Halaxy no longer accepts the API key. Nothing is lost: enter another key below, and everything catches up."),
        { State: HalaxyState.KeyLost } => ("New key needed", "bad", "This server can no longer read the API key. Nothing is lost: enter it again below, or another one, and everything catches up. Then check the webhooks: they may have other addresses."),
        { State: HalaxyState.MissingScope } => ("A box is not ticked", "bad", $"The API key can no longer see what is needed. Nothing is lost: in Halaxy, tick {HalaxyScopes.BoxesOf(connection)} for the key, and press “Look now”."),
        { State: HalaxyState.DeletionsHeld } =>
            ("Deletions waiting", "bad", $"{Held(connection)} Nothing is removed from the diaries until you confirm it. Until then nothing syncs, and nothing is lost."),
        _ when failures > 0 => ("Waiting", "warn", "Halaxy does not answer at the moment. It will be tried again automatically, and nothing is lost."),
        // connected again, matched anew or cut short: what was agreed before says nothing of now
        { LastPass: not null } when compares || connection.LastCompare is null => ("Being compared", "warn", "All appointments are being compared with Halaxy."),
        { LastPass: null } => ("Beginning", "warn", "Halaxy’s appointments are coming into the diaries for the first time."),
        _ when asked => ("Being tried", "warn", "Halaxy is being asked at this moment. The status appears here as soon as it has answered."),
        { Partial: > 0, Count: var count } => ("Working", "warn", $"{DeviceWords.Count(count, "appointment")} agree with Halaxy{(tasks > 0 ? $", except for what is listed {where}" : "")}. At the last full comparison some of what Halaxy has did not arrive: it will be compared again automatically."),
        { Unreadable: > 0 and var unreadable, Count: var count } => ("Working", "warn", $"The diaries agree with Halaxy: {DeviceWords.Count(count, "appointment")}{(tasks > 0 ? $", except for what is listed {where}" : "")}; {unreadable} more cannot be read."),
        { Count: var count } when tasks > 0 => ("Working", "warn", $"The diaries agree with Halaxy: {DeviceWords.Count(count, "appointment")}, except for what is listed {where}."),
        { Count: var count } => ("Working", "good", $"The diaries agree with Halaxy: {DeviceWords.Count(count, "appointment")}."),
    };

    /// <summary>What an administrator has to do before anything goes on; null when nothing waits for one.</summary>
    public static string? Needed(HalaxyConnection connection) => connection.State switch
    {
        HalaxyState.KeyRefused => "Halaxy no longer accepts the practice’s API key. Until another one is entered, no appointment comes from Halaxy or goes there.",
        HalaxyState.KeyLost => "This server can no longer read the practice’s API key for Halaxy. Until it is entered again, or another one is, no appointment comes from Halaxy or goes there.",
        HalaxyState.MissingScope => $"The practice’s API key can no longer see what is needed in Halaxy. Until {HalaxyScopes.BoxesOf(connection)} {(connection.NeededScopes.Count() == 1 ? "is" : "are")} ticked again, no appointment comes from Halaxy or goes there.",
        HalaxyState.DeletionsHeld => $"{Held(connection)} Until you say whether this was intended, no appointment comes from Halaxy or goes there.",
        _ => null,
    };

    /// <summary>What was saved about who is who, and what becomes of the diaries by that.</summary>
    /// <param name="before">Who was who.</param>
    /// <param name="after">Who is who.</param>
    /// <param name="isFirst">Whether Halaxy's appointments are coming for the first time: nobody is asked then.</param>
    public static string Matched(IReadOnlyList<HalaxyMatch> before, IReadOnlyList<HalaxyMatch> after, bool isFirst)
    {
        var asks = isFirst ? "" : " If there are many, you are asked first.";
        var filled = after.Except(before).Any() ? " The diaries of newly matched practitioners are being filled." : "";
        var changed = before.Any(match => after.Any(now => now.PractitionerId == match.PractitionerId && now != match)) ? $" Appointments of the person who was matched before are being removed from the diary.{asks}" : "";
        var left = before.Any(match => after.All(now => now.PractitionerId != match.PractitionerId)) ? " The diary of anyone who is no longer matched stays as it is." : "";
        return $"Saved.{filled}{changed}{left}";
    }

    /// <summary>What leaves a diary when its practitioner is matched with another person.</summary>
    public static string Leaves(string practitioner, int count) =>
        $"{DeviceWords.Count(count, "appointment")} in the diary of {practitioner} came from the person in Halaxy who was chosen before. {(count == 1 ? "It" : "They")} will be removed from this diary, unless that person is archived in Halaxy.";

    /// <summary>What the button says that confirms what waits.</summary>
    public static string Confirm(HalaxyConnection connection) => IsOfMatchesOnly(connection) ? "Yes, take them out of the diaries" : "Yes, remove them here too";

    /// <summary>What is said once it was pressed.</summary>
    public static string Confirmed(HalaxyConnection connection) => IsOfMatchesOnly(connection) ? "They are taken out of the diaries." : "They are removed from the diaries too.";

    private static bool IsOfMatchesOnly(HalaxyConnection connection) => connection.HeldLeaving == connection.HeldDeletions;

    private static string Held(HalaxyConnection connection) => DeviceWords.Count(connection.HeldDeletions, "appointment") + (connection.HeldLeaving == 0
        ? " were deleted in Halaxy at once."
        : IsOfMatchesOnly(connection)
        ? " in the diaries are somebody else’s in Halaxy, since practitioners were matched with other people."
        : " in the diaries were deleted in Halaxy at once, or are somebody else’s there, since practitioners were matched with other people.");

    /// <summary>Why what is changed in a diary is not in Halaxy yet, for a practitioner; null when nothing holds it up.</summary>
    public static string? Waiting(HalaxyConnection connection, int failures) => connection switch
    {
        { Mirrors: false } => "The connection to Halaxy waits for an administrator of the practice. Changes on either side reach the other once that is settled; nothing is lost.",
        _ when failures > 0 => "Halaxy does not answer at the moment. Changes on either side reach the other once it does; nothing is lost.",
        { LastPass: null } => "Halaxy’s appointments are coming into the diaries for the first time.",
        _ => null,
    };

    /// <summary>What a person has to do in Halaxy.</summary>
    public static string Of(HalaxyTask task, DateTimeZone zone)
    {
        string At(Instant instant) => On(instant, zone);
        if (task is { Reason: HalaxyTaskReason.CannotDelete, IsPatient: true })
        {
            var colleague = task.IsWithUnmatched ? "A colleague who is not matched with anybody in Halaxy has it here; in Halaxy it can stay as it is." : "If a colleague has it now, give it to them in Halaxy.";
            return $"It is no longer in this practitioner’s diary, but still in Halaxy, on {At(task.Start)}. {colleague} Cancel it there only if it does not take place at all.";
        }

        if (task.Reason == HalaxyTaskReason.CannotDelete) return $"It was deleted here. Other programs cannot delete anything in Halaxy: take this practitioner out of the appointment of {At(task.Start)} there yourself, or delete it if nobody else takes part.";
        if (task.Reason == HalaxyTaskReason.Repeats) return $"It repeats here, and that cannot be passed on to Halaxy: there it is on {At(task.Start)} only. Make it repeat there too, or stop it repeating here.";
        if (task.Reason == HalaxyTaskReason.Failing) return $"Halaxy reports an error whenever it is asked about the appointment of {At(task.Start)}. It is tried again. If this stays, check the appointment in Halaxy.";
        if (task.Reason == HalaxyTaskReason.Unreadable) return $"It cannot be read, here or in Halaxy, and is left as it is: check the appointment of {At(task.Start)} in both.";
        if (task.IsOnlyHere) return $"{At(task.Start)}. It is in this diary only: {NotAdded(task.Reason)}";
        List<string> wanted = [];
        if (task.Fields.HasFlag(MirroredFields.Times) && task is { WantedStart: { } start, WantedEnd: { } end }) wanted.Add($"move it to {At(start)}, {(end - start).TotalMinutes:0} minutes long");
        if (task.Fields.HasFlag(MirroredFields.Status)) wanted.Add(task.WantsCancelled ? "cancel it" : "put it back, since it takes place again here");
        if (task.Fields.HasFlag(MirroredFields.Comments)) wanted.Add("enter the new comments");
        var because = task.Reason == HalaxyTaskReason.MayNotWrite ? "The API key may not change appointments in Halaxy." : "Halaxy received the change but did not make it.";
        return $"{because} {Differs(task)}Open the appointment of {At(task.Start)} there and {string.Join(", and ", wanted)}.";
    }

    /// <summary>How Halaxy has an appointment otherwise than the diary.</summary>
    private static string Differs(HalaxyTask task)
    {
        List<string> differences = [];
        if (task.Fields.HasFlag(MirroredFields.Status)) differences.Add(task.WantsCancelled ? "it still takes place" : "it is still cancelled");
        if (task.Fields.HasFlag(MirroredFields.Times)) differences.Add("it is still at its old time");
        if (task.Fields.HasFlag(MirroredFields.Comments)) differences.Add("it still has its old comments");
        return differences.Count == 0 ? "" : $"In Halaxy, {string.Join(", and ", differences)}. ";
    }

    /// <summary>Why a personal appointment is not in Halaxy, and what to do, in a practice whose Halaxy takes them from a program or does not.</summary>
    public static string NotThere(bool takesPersonal, bool repeats, bool blocksNoTime) => (takesPersonal, repeats, blocksNoTime) switch
    {
        (false, _, _) => "Halaxy does not accept personal appointments from other programs. To have it there too, add it there by hand and delete it here.",
        (true, true, _) => "It repeats, and Halaxy only accepts single appointments from other programs. To have it there too, add the series there by hand and delete it here.",
        (true, _, true) => "It lasts all day, or is shown as free, so it is not added there.",
        _ => "It is added there automatically. If Halaxy does not accept it, Sync health says why.",
    };

    /// <summary>That some of the coming year are not in Halaxy.</summary>
    public static string OnlyHere(int count, bool hasMore, bool takesPersonal)
    {
        var (are, times) = count == 1 ? ("is", "that time") : ("are", "those times");
        var then = takesPersonal ? "Single personal appointments that block a time are added to Halaxy automatically; whatever else should be there has to be added by hand." : "Add by hand in Halaxy whatever should be there too, and delete it here.";
        return $"{(hasMore ? "At least " : "")}{DeviceWords.Count(count, "appointment")} of the coming year {are} in this diary only: Halaxy does not know about {(count == 1 ? "it" : "them")}, and patients can still book {times} online. {then}";
    }

    /// <summary>When an appointment starts: with its day also when that is today, for such lists are read beside the calendar.</summary>
    public static string On(Instant start, DateTimeZone zone) => DeviceWords.Full(start.InZone(zone).LocalDateTime);

    private static string NotAdded(HalaxyTaskReason reason) => reason switch
    {
        HalaxyTaskReason.TimeTaken => "in Halaxy, there is something else at this time. Move one of the two.",
        HalaxyTaskReason.MayNotAdd => "the API key may not add appointments to Halaxy. Add it there by hand and delete it here.",
        _ => "Halaxy did not accept it. Add it there by hand and delete it here. Until then it is tried again every hour.",
    };

    /// <summary>What was not taken of the diary.</summary>
    /// <param name="lost">What was not taken.</param>
    /// <param name="zone">The practice's time zone.</param>
    /// <param name="showsComments">Whether the comments are shown: to whom the diary is.</param>
    public static string Of(HalaxyOverruled lost, DateTimeZone zone, bool showsComments = true)
    {
        if (lost.IsOwnNow)
            return $"While the diary was not connected to Halaxy, the meeting of {On(lost.Start, zone)} was turned into a patient appointment here. Halaxy cannot be told that, so it is the practice’s own appointment now, as it is, and marked “Not in Halaxy”. If Halaxy still has the meeting, it is in the diary beside it.";
        List<string> had = [];
        if (lost.Fields.HasFlag(MirroredFields.Times)) had.Add($"it was moved to {On(lost.Start, zone)}, {(lost.End - lost.Start).TotalMinutes:0} minutes long");
        if (lost.Fields.HasFlag(MirroredFields.Status)) had.Add(lost.Marked is { } status ? $"it was marked as {Words.Status(status).ToLowerInvariant()}" : lost.WasCancelled ? "it was cancelled" : "it was put back");
        if (lost.Fields.HasFlag(MirroredFields.Comments)) had.Add(showsComments && lost.Comments is { } comments ? $"its comments were changed to “{comments}”" : "its comments were changed");
        if (lost.Fields.HasFlag(MirroredFields.Patients)) had.Add("its patients or its type were changed");
        if (lost.Fields.HasFlag(MirroredFields.Location)) had.Add("its location was changed");
        if (lost.Fields.HasFlag(MirroredFields.Invoice)) had.Add(lost.Invoice is { } invoice ? $"the invoice {invoice} was linked" : "its invoice was unlinked");
        var because = (lost.IsRefused, lost.IsDoubleBooking) switch
        {
            (true, true) => "Halaxy refused this, as the time is taken there, so it is as it was before.",
            (true, false) => "Halaxy refused this, so it is as it was before.",
            _ when lost.Left == HalaxyLeft.ToOthers => "In Halaxy it now belongs to somebody else, so it was taken out of this diary.",
            _ when lost.Left == HalaxyLeft.Deleted => "It was deleted in Halaxy, so it was taken out of this diary too.",
            _ when lost is { HasTakenPlace: true, OthersCancelled: true } => "In Halaxy, one patient has already attended or missed it, and that is kept. The others, who were still to come, are cancelled there.",
            _ when lost.HasTakenPlace => "In Halaxy, a patient attended it or missed it, so Halaxy’s version was kept.",
            _ when lost.IsHalaxysToSay => "Some of that is changed in Halaxy only, so Halaxy’s version was kept.",
            _ => "It was changed in Halaxy at the same time, so Halaxy’s version was kept.",
        };
        return $"Here, {string.Join(", and ", had)}. {because}";
    }
}
