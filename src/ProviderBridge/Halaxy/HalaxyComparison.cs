using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace ProviderBridge.Halaxy;

/// <summary>What the diary has of an appointment that Halaxy is still to be told.</summary>
/// <param name="Place">In whose diary.</param>
/// <param name="Copy">What is there; null when it was deleted there.</param>
/// <param name="Fields">What of it.</param>
internal sealed record HalaxyOutgoing(HalaxyCopy Place, MirroredCopy? Copy, MirroredFields Fields)
{
    /// <summary>Whether it is with a patient in Halaxy.</summary>
    public bool IsOfPatient { get; init; }

    /// <summary>Whether a colleague has it here who is not in Halaxy, where it is gone from this diary.</summary>
    public bool IsWithUnmatched { get; init; }

    /// <summary>Whether it is to be deleted: it is gone here; or it does not take place, and no patient is there whose status could say so.</summary>
    public bool IsDeletion => Copy is null || (Fields.HasFlag(MirroredFields.Status) && Copy is { IsCancelled: true, IsPatient: false });

    /// <summary>A person's task when Halaxy does not do it.</summary>
    public HalaxyTask ToTask(HalaxyItem item, HalaxyTaskReason reason, Instant now) => new(item.GroupId, item.Id, Place.PractitionerId, Place.Uid, reason, item.Shown.Start, now, now)
    {
        IsPatient = item.Shown.PatientIds.Count > 0,
        IsWithUnmatched = IsWithUnmatched,
        Fields = Fields,
        WantedStart = Fields.HasFlag(MirroredFields.Times) ? Copy?.Start : null,
        WantedEnd = Fields.HasFlag(MirroredFields.Times) ? Copy?.End : null,
        WantsCancelled = Fields.HasFlag(MirroredFields.Status) && Copy?.IsCancelled == true,
        WantedComments = Fields.HasFlag(MirroredFields.Comments) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Copy?.Comments ?? "")).AsSpan(0, 8)) : null,
    };
}

/// <summary>
/// Compares what Halaxy has of one appointment, what each diary has, and what both had when they were last compared, on one snapshot. What Halaxy changed is written into the diaries; what only a diary changed is left to be told
/// to Halaxy; of what both changed, Halaxy's version counts, and the diary's is kept to be looked at.
/// </summary>
/// <param name="snapshot">The store as it is.</param>
/// <param name="now">The current time.</param>
/// <param name="connection">The practice group's connection.</param>
/// <param name="item">What is known of it; null when it is new.</param>
/// <param name="there">What Halaxy has, with the patients by number.</param>
internal sealed class HalaxyComparison(IStoreSnapshot snapshot, Instant now, HalaxyConnection connection, HalaxyItem? item, MirroredAppointment there)
{
    /// <summary>What a person or a device may change here, and Halaxy is told.</summary>
    public const MirroredFields Told = MirroredFields.Times | MirroredFields.Comments | MirroredFields.Status;

    private readonly List<StoreOperation> _steps = [];
    private readonly List<HalaxyCopy> _copies = [];
    private readonly List<HalaxyOutgoing> _outgoing = [];
    private readonly HashSet<AppointmentKey> _madeOwn = [];

    // what comes back after it was gone is as good as new
    private readonly HalaxyShown? _shown = item is { IsGone: false } ? item.Shown : null;

    /// <summary>Whether somebody takes part in Halaxy whose diary is not here.</summary>
    public bool HasOthers { get; init; }

    /// <summary>What Halaxy has as a practitioner's diary is to have it: with the patients' names, where they need them.</summary>
    public required Func<string, MirroredAppointment> For { get; init; }

    /// <summary>Whether a copy in somebody's diary that has other names is to be written for that (<see cref="HalaxyNameNeed"/>).</summary>
    public required Func<string, MirroredCopy, bool> ShowsNames { get; init; }

    /// <summary>For whom in Halaxy a practitioner was taken when it came into their diary, if for somebody else than now; otherwise null.</summary>
    public required Func<string, string?> FormerPersonOf { get; init; }

    /// <summary>What encrypts comments that are kept.</summary>
    public required HalaxySecrets Secrets { get; init; }

    /// <summary>Whether names that a practitioner needs could not be asked for.</summary>
    public required Func<string, bool> LacksNames { get; init; }

    /// <summary>The steps; none when both sides are as they were.</summary>
    public IReadOnlyList<StoreOperation> Steps => _steps;

    /// <summary>What Halaxy is to be told.</summary>
    public IReadOnlyList<HalaxyOutgoing> Outgoing => _outgoing;

    /// <summary>What is known of it afterwards; null when it is in no diary.</summary>
    public HalaxyItem? Item { get; private set; }

    /// <summary>What repeats in a diary, which Halaxy cannot be told; null when nothing does.</summary>
    public HalaxyOutgoing? Repeating { get; private set; }

    /// <summary>Whether it is in the diary of somebody who was taken for somebody else: it leaves that when it is clear that it is meant to.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>1 when it is mirrored now and was not; -1 when it was and is not.</summary>
    public int Added { get; private set; }

    /// <summary>Whether any of the diaries is written.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether it was booked from here with a patient, and has come from Halaxy now.</summary>
    public bool IsBooked { get; private set; }

    /// <summary>How many versions of the diary do not count.</summary>
    public int Overruled { get; private set; }

    /// <summary>Compares.</summary>
    /// <param name="practitioners">Who takes part, of those who are known here.</param>
    /// <param name="stays">Whether somebody who took part is to be taken for one who does so still.</param>
    /// <param name="isMatched">Whether a practitioner is one of Halaxy's.</param>
    public async ValueTask RunAsync(IReadOnlyList<string> practitioners, Func<string, bool> stays, Func<string, bool> isMatched)
    {
        var (takesPart, before) = (practitioners, await KeepOwnAsync(isMatched));
        practitioners = [.. practitioners, .. before.Select(copy => copy.PractitionerId).Where(one => isMatched(one) && stays(one)).Except(practitioners)];
        foreach (var practitioner in practitioners) await CompareAsync(practitioner, takesPart.Contains(practitioner) ? PersonOf(practitioner) : null, For(practitioner));
        foreach (var left in before.Where(copy => !practitioners.Contains(copy.PractitionerId)))
        {
            var former = FormerPersonOf(left.PractitionerId);
            var isLeaving = isMatched(left.PractitionerId) && former is not null;
            if (isLeaving || !isMatched(left.PractitionerId))
            {
                IsLeaving |= isLeaving;
                _copies.Add(left with { IsAside = true, Left = ShownBy(left), Person = left.Person ?? former });
                continue;
            }

            // what was changed here and Halaxy was not told goes with it, but not without a word
            if (ShownBy(left) is { } had && await Mirroring.ReadAsync(snapshot, left.Appointment, now) is { } copy && MissedOf(item!, left, had, copy, now, HalaxyLeft.ToOthers) is { } missed) await OverruleAsync(missed);
            var colleague = practitioners.FirstOrDefault(one => item!.Copies.All(copy => copy.PractitionerId != one));
            Take(await Mirroring.LeaveAsync(snapshot, now, connection.Actor, left.Appointment, (ShownBy(left) ?? item!.Shown).Invoice, colleague));
        }

        if (_copies.Count == 0)
        {
            if (item is null) return;
            _steps.AddRange(item.Remove());
            _steps.AddRange((await HalaxyTask.ListOfAsync(snapshot, connection.GroupId, item.Id)).Select(task => task.Remove()));
            Added = item.IsMirrored ? -1 : 0;
            return;
        }

        Item = new HalaxyItem(connection.GroupId, there.HalaxyId, HalaxyShown.Of(there)) { Copies = _copies, Absent = AbsentOf() };
        Added = (Item.IsMirrored ? 1 : 0) - (item?.IsMirrored == true ? 1 : 0);
        if (item is null || item.IsGone || item.IsWhole || item.Roles.Count > 0 || item.Told is not null || !item.Copies.SequenceEqual(_copies) || item.Shown.DifferencesTo(there) != MirroredFields.None) _steps.AddRange(Item.Put(item));
    }

    /// <summary>The copies but for what is the practice's own by now, though Halaxy has a meeting still.</summary>
    private async ValueTask<IReadOnlyList<HalaxyCopy>> KeepOwnAsync(Func<string, bool> isMatched)
    {
        List<HalaxyCopy> copies = [];
        foreach (var place in item?.Copies ?? [])
        {
            if (isMatched(place.PractitionerId) && there.Patients.Count == 0 && await Mirroring.ReadAsync(snapshot, place.Appointment, now) is { } copy && HalaxyMadeOwn.Is(ShownBy(place), copy))
            {
                _madeOwn.Add(place.Appointment);
                Take(await HalaxyMadeOwn.KeepAsync(snapshot, now, item!, place, copy));
            }
            else
            {
                copies.Add(place);
            }
        }

        return copies;
    }

    /// <summary>What a diary and Halaxy had when both were last compared, with what Halaxy was told from that diary since, and has; null of what is new, or as good as new.</summary>
    private HalaxyShown? ShownBy(HalaxyCopy place) => place.IsAside ? place.Left : item!.Told?.PractitionerId == place.PractitionerId ? _shown?.Knowing(item.Told.Wanted, there) : _shown;

    private bool HasTakenPlace => there.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend;

    /// <summary>Whether fewer come since Halaxy was told that it is cancelled.</summary>
    private bool HasCancelledOthers(string practitioner) => item?.Told is { Wanted.IsCancelled: true } told && told.PractitionerId == practitioner && item.Shown.PatientIds.Count > there.Patients.Count;

    /// <summary>Who had cancelled before nobody came any longer.</summary>
    private IReadOnlyList<string> AbsentOf()
    {
        if (item is null || !there.IsCancelled) return [];
        return item.Shown.IsCancelled ? item.Absent : [.. there.Patients.Select(patient => patient.Reference).Except(item.Shown.PatientIds)];
    }

    /// <summary>As whom somebody takes part, where they were taken for somebody else before.</summary>
    private string? PersonOf(string practitioner) => connection.WasRematched(practitioner) ? connection.Matches.First(match => match.PractitionerId == practitioner).HalaxyPractitionerId : null;

    private async ValueTask CompareAsync(string practitioner, string? person, MirroredAppointment there)
    {
        // of what came to Halaxy from this diary, what counts of the diary's version
        var known = item?.Copies.FirstOrDefault(copy => copy.PractitionerId == practitioner && !_madeOwn.Contains(copy.Appointment)) ?? await FindReceivedAsync(practitioner);
        var (place, made) = known is not null ? (known, MirroredFields.None) : await NewPlaceAsync(practitioner);
        _copies.Add(place with { IsAside = false, Left = null, Person = person });
        var copy = await Mirroring.ReadAsync(snapshot, place.Appointment, now);
        var shown = there;
        if (copy is { HalaxyId: null, IsPatient: false } && there.Patients.Count > 0 && string.IsNullOrWhiteSpace(there.Comments) && HalaxyBooking.CommentsOf(copy.Title ?? "", copy.Comments) is { } comments)
        {
            // the booking left them out: Halaxy is told them
            (copy, shown, made) = (copy with { Comments = comments }, there with { Comments = comments }, made | MirroredFields.Comments);
        }

        var before = known is null ? null : known.IsAside ? known.Left : _shown;
        var isNew = before is null;
        var theirs = before is null ? MirroredFields.All & ~made : before.DifferencesTo(there);
        // what Halaxy was told is no change of its own: what the diary has otherwise by now came after it
        var shownThen = known is null ? null : ShownBy(known);
        if (!isNew) theirs &= shownThen!.DifferencesTo(there) | (copy is null ? MirroredFields.None : ~copy.DifferencesTo(there));
        if (copy is null)
        {
            // deleted here; what was changed in Halaxy since is not, unless it is what a clinic is called, or a colleague has it
            var colleague = known is null ? null : await FindColleagueAsync(known);
            if ((theirs & (Told | MirroredFields.Patients)) != MirroredFields.None && colleague is null) await WriteAsync(place, MirroredFields.All, there);
            else _outgoing.Add(new HalaxyOutgoing(place, null, MirroredFields.None) { IsWithUnmatched = colleague is not null && !connection.HasMatch(colleague) });
            return;
        }

        var differs = isNew ? copy.DifferencesTo(there) : shownThen!.DifferencesTo(copy);
        if (copy.KeepsComments && there.Patients.Count == 0 && differs.HasFlag(MirroredFields.Comments))
        {
            // what its owner wrote for themselves goes to nobody, and nobody writes over it
            (theirs, differs) = (theirs & ~MirroredFields.Comments, differs & ~MirroredFields.Comments);
        }

        var ours = isNew ? differs & made : differs;
        if (copy.Repeats) Repeating ??= new HalaxyOutgoing(place, copy, MirroredFields.None);
        // what both changed alike is no quarrel
        var agreed = theirs & Told & ~copy.DifferencesTo(there);
        var lost = ours & theirs & Told & ~agreed;
        // what is Halaxy's alone to say can be changed here while the diary is not connected
        var halaxys = copy.HalaxysDifferencesTo(there.Status, there.Location, there.Invoice);
        var own = before is null ? MirroredFields.None : OwnOf(before, copy) & (halaxys | (copy.Status != there.Status ? MirroredFields.Status : MirroredFields.None) | (copy.HasOtherPatients(there) ? MirroredFields.Patients : MirroredFields.None));
        lost |= own;
        // what became the practice's own, and was changed here since, is no news to Halaxy that gives it back; it does not go without a word either
        if (isNew && made == MirroredFields.None && !IsBooked && copy is { HalaxyId: null, IsPatient: false }) lost |= differs & (MirroredFields.Times | MirroredFields.Comments);
        // an invoice that was not known here when a device removed it (docs/rules.md R6)
        if (copy is { IsCancelled: true, IsRemovedOutside: true } && there is { IsCancelled: false, Invoice: not null }) lost |= ours & MirroredFields.Status;
        // what has taken place is not cancelled any more
        if (copy.IsCancelled && HasTakenPlace) lost |= ours & MirroredFields.Status;
        // who comes, and by which name, is Halaxy's to say; and which of the statuses it is that means the same
        var kept = copy.Status == there.Status ? agreed : agreed & ~MirroredFields.Status;
        var written = lost | halaxys | (theirs & ~kept) | (copy.DifferencesTo(there) & MirroredFields.Patients);
        if (written == MirroredFields.Patients && !copy.HasOtherPatients(there) && !ShowsNames(practitioner, copy)) written = MirroredFields.None;
        // a name that could not be asked for is no reason to take away the one that is there
        if (LacksNames(practitioner) && !copy.HasOtherPatients(there)) written &= ~MirroredFields.Patients;
        if (shown != there) written |= MirroredFields.Comments;
        if (copy.HalaxyId != there.HalaxyId || written != MirroredFields.None) await WriteAsync(place, written, shown, isOnlySeen: lost == MirroredFields.None && IsOnlySeen(written));
        if (lost != MirroredFields.None) await OverruleAsync(OverruledOf(item ?? new HalaxyItem(connection.GroupId, there.HalaxyId, HalaxyShown.Of(there)), place, copy, lost, now, own) with { HasTakenPlace = copy.IsCancelled && HasTakenPlace && lost.HasFlag(MirroredFields.Status), OthersCancelled = HasCancelledOthers(practitioner) });
        if ((ours & ~theirs & ~lost & Told) is not MirroredFields.None and var told) _outgoing.Add(new HalaxyOutgoing(place, copy, told));
    }

    /// <summary>What a practitioner was given here by a colleague while the diaries were not connected, and has in Halaxy too by now: what both sides had is what the colleague's had. Null when there is none.</summary>
    private async ValueTask<HalaxyCopy?> FindReceivedAsync(string practitioner)
    {
        foreach (var from in item?.Copies ?? [])
        {
            if (from.PractitionerId == practitioner || _madeOwn.Contains(from.Appointment) || await FindGivenAsync(from, practitioner) is not { } name) continue;
            return new HalaxyCopy(practitioner, from.Uid, name) { IsAside = true, Left = ShownBy(from) };
        }

        return null;
    }

    /// <summary>The colleague who was given it here, in Halaxy or not; null when nobody was.</summary>
    private async ValueTask<string?> FindColleagueAsync(HalaxyCopy place)
    {
        foreach (var colleague in (await snapshot.ListPrincipalsAsync(connection.GroupId)).Select(person => person.Id).Where(one => one != place.PractitionerId))
        {
            if (await snapshot.FindCollectionAsync(colleague, HxCalendar.CollectionName) is { IsHx: true } && await FindGivenAsync(place, colleague) is not null) return colleague;
        }

        return null;
    }

    /// <summary>The path segment of what was given to a colleague, who has it by the same UID; null when it was not.</summary>
    private async ValueTask<string?> FindGivenAsync(HalaxyCopy from, string colleague) =>
        ShownBy(from) is { } shown && await Mirroring.ReadAsync(snapshot, from.Appointment, now) is null
        && await Mirroring.ReadAsync(snapshot, from.Appointment with { PractitionerId = colleague }, now) is { HalaxyId: null, Repeats: false } copy && copy.IsPatient == (shown.PatientIds.Count > 0) ? copy.Name : null;

    /// <summary>Where it goes in a diary in which it is not: where it was before, if it was, or in place of the personal appointment that was booked so.</summary>
    private async ValueTask<(HalaxyCopy Place, MirroredFields Made)> NewPlaceAsync(string practitioner)
    {
        var made = MirroredFields.None;
        var uid = await FreeUidAsync(practitioner);
        foreach (var intended in await HalaxyIntent.FindUidsAsync(snapshot, connection, practitioner, there, now))
        {
            if (await Mirroring.ReadAsync(snapshot, new AppointmentKey(practitioner, intended), now) is not { HalaxyId: null, IsPatient: false, Repeats: false } own) continue;
            uid = intended;
            IsBooked = there.Patients.Count > 0;
            made = await MadeOfAsync(intended, own);
            _steps.AddRange(await HalaxyIntent.ForgetAsync(snapshot, connection, intended, now));
            break;
        }

        return (new HalaxyCopy(practitioner, uid, await Mirroring.ReadAsync(snapshot, new AppointmentKey(practitioner, uid), now) is { } held ? held.Name : $"{uid}.ics"), made);
    }

    /// <summary>The UID that it has in a diary, or would have: where something is the practice's own that was a meeting once, the next.</summary>
    private async ValueTask<string> FreeUidAsync(string practitioner)
    {
        for (var n = 1; ; n++)
        {
            var place = new AppointmentKey(practitioner, HalaxyItem.UidOf(practitioner, n == 1 ? connection.NameOf(there.HalaxyId) : $"{connection.NameOf(there.HalaxyId)}|{n}"));
            if (!_madeOwn.Contains(place) && !(await Mirroring.ReadAsync(snapshot, place, now) is { HalaxyId: null, IsPatient: true } copy && IsOwn(copy))) return place.Uid;
        }
    }

    /// <summary>Whether a patient appointment that Halaxy does not know is another one than Halaxy's: with others, or with nobody; or a record that was kept for its invoice, of which Halaxy knows nothing.</summary>
    private bool IsOwn(MirroredCopy copy) => there.Patients.Count == 0 || (copy.Invoice is { } invoice && invoice != there.Invoice) || !copy.Patients.Select(patient => patient.Reference).SequenceEqual(there.Patients.Select(patient => patient.Reference));

    /// <summary>What differs was changed here since: of a personal appointment that is one still all of it, but comments that Halaxy has in another form; and of one that became a patient's its times, unless it was moved there.</summary>
    private async ValueTask<MirroredFields> MadeOfAsync(string uid, MirroredCopy own)
    {
        if (there.Patients.Count == 0) return HalaxyComments.SayTheSame(own.Comments, there.Comments) ? MirroredFields.All & ~MirroredFields.Comments : MirroredFields.All;
        var notes = await HalaxyIntent.ListAsync(snapshot, connection, uid, now);
        return notes.Any(note => note.Id is null && note.Start == there.Start) ? MirroredFields.Times : MirroredFields.None;
    }

    private async ValueTask WriteAsync(HalaxyCopy place, MirroredFields fields, MirroredAppointment shown, bool isOnlySeen = false) => Take(isOnlySeen
        ? await Mirroring.WriteAsync(snapshot, now, AuditActor.Server, place.Appointment, shown, fields, AuditAction.ShownAnew)
        : await Mirroring.WriteAsync(snapshot, now, connection.Actor, place.Appointment, shown, fields));

    /// <summary>Whether nothing was edited in Halaxy: the key may see more of it now, or less.</summary>
    private bool IsOnlySeen(MirroredFields fields) =>
        _shown is not null && fields != MirroredFields.None && (fields & ~(MirroredFields.Patients | MirroredFields.Location)) == MirroredFields.None
        && _shown.PatientIds.Count > 0 && _shown.PatientIds.SequenceEqual(there.Patients.Select(patient => patient.Reference))
        && (_shown.Type == there.Type || _shown.Type == HalaxyView.AnyType)
        && (string.IsNullOrEmpty(_shown.Location) || MirroredAppointment.AreSame(_shown.Location, there.Location));

    private void Take(IReadOnlyList<StoreOperation> steps)
    {
        _steps.AddRange(steps);
        IsTaken |= steps.Count > 0;
    }

    private async ValueTask OverruleAsync(HalaxyOverruled lost)
    {
        Overruled++;
        _steps.Add(await Secrets.Hide(lost).PutAsync(snapshot));
    }

    /// <summary>What was changed in a copy that goes, since the diary and Halaxy were last compared; null when nothing was.</summary>
    public static HalaxyOverruled? MissedOf(HalaxyItem item, HalaxyCopy place, HalaxyShown had, MirroredCopy copy, Instant now, HalaxyLeft left)
    {
        var own = OwnOf(had, copy);
        return ((had.DifferencesTo(copy) & Told) | own) is not MirroredFields.None and var lost ? OverruledOf(item, place, copy, lost, now, own) with { Left = left } : null;
    }

    /// <summary>What was changed here of what is Halaxy's alone to say. As booked nobody marks anything: it is that again after it was cancelled and put back.</summary>
    private static MirroredFields OwnOf(HalaxyShown had, MirroredCopy copy) => had.HalaxysIn(copy) & ~(copy.Status == AppointmentStatus.Booked ? MirroredFields.Status : MirroredFields.None);

    /// <summary>A version of the diary that does not count.</summary>
    /// <param name="item">What is known of the appointment.</param>
    /// <param name="place">In whose diary.</param>
    /// <param name="copy">What the diary had.</param>
    /// <param name="fields">Which parts of it.</param>
    /// <param name="now">The current time.</param>
    /// <param name="own">Which of these are Halaxy's alone to say.</param>
    public static HalaxyOverruled OverruledOf(HalaxyItem item, HalaxyCopy place, MirroredCopy copy, MirroredFields fields, Instant now, MirroredFields own = MirroredFields.None) =>
        new(item.GroupId, item.Id, place.PractitionerId, place.Uid, now, fields, copy.Start, copy.End)
        {
            WasCancelled = copy.IsCancelled,
            Comments = fields.HasFlag(MirroredFields.Comments) ? copy.Comments : null,
            Marked = own.HasFlag(MirroredFields.Status) ? copy.Status : null,
            Invoice = own.HasFlag(MirroredFields.Invoice) ? copy.Invoice : null,
        };
}
