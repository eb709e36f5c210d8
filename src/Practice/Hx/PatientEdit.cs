using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// An edit from outside of a patient appointment (docs/rules.md A6): three-way, against what the sender's level was shown. Taken is what the
/// sender changed of start, end, exceptions of the series, an earlier end of the series, location (unless Halaxy keeps it), comments (where
/// they are shown) and its own additions; a cancellation of the whole or of an occurrence is a <see cref="Removal"/>. Everything else stays as the diary has it.
/// </summary>
internal sealed partial class PatientEdit
{
    /// <summary>More sessions than anybody moves or cancels; the records of all of them are kept with the series.</summary>
    private const int MaxExceptions = 1000;

    /// <summary>Occurrences that an edit moves and that have a line each; of more the line of the whole tells.</summary>
    public const int MaxMoveLines = 20;

    private readonly ExternalPut _put;
    private readonly StoredObject _existing;
    private readonly Series _truth;
    private readonly Series _shown;
    private readonly Series _sent;
    private readonly List<StoreOperation> _operations;
    private readonly HashSet<LocalDateTime> _removed = [];
    private AppointmentDetails _details;

    /// <summary>What was sent and is not taken, in words.</summary>
    private readonly RejectedFields _rejected = new();

    /// <summary>The same, by appointment.</summary>
    private readonly List<RejectedEdit> _kept = [];

    /// <summary>What the sender ended of the series: the rest, cancelled or kept, and where it begins.</summary>
    private PutObject? _ended;

    private LocalDateTime? _endsBefore;

    /// <summary>How many occurrences it moves.</summary>
    private int _moves;

    /// <summary>Whether something that was sent is not taken as it was sent.</summary>
    private bool _altered;

    /// <summary>Why nothing is taken, or null.</summary>
    private string? _refusal;

    private PatientEdit(
        ExternalPut put, StoredObject existing, AppointmentDetails details, List<StoreOperation> operations, Series truth, Series sent)
    {
        _put = put;
        _existing = existing;
        _details = details = AdditionLevels.Placed(truth.Object, details);
        _operations = operations;
        _truth = truth;
        _sent = sent;
        _shown = Level == PrivacyLevel.FullName ? truth.Clone() : Series.Of(Projection.Of(truth.Object, details, Level))!;
    }

    private PrivacyLevel Level => _put.Origin.Level;

    private bool IsInHalaxy => _put.IsInHalaxy && _details.HalaxyId is not null;

    public static HxDecision Decide(ExternalPut put, StoredObject existing, AppointmentDetails details, List<StoreOperation> before)
    {
        if (Series.Of(put.Incoming.Clone()) is not { } sent) return new HxRefused("A patient appointment must keep its start.");
        if (sent.Exclusions.Count + sent.Overrides.Count > MaxExceptions)
            return new HxRefused($"A patient series has at most {MaxExceptions} moved and cancelled appointments.");
        if (sent.Object.Events().Any(component => !sent.IsShort(component)))
            return new HxRefused("A patient appointment lasts at most a year.");
        if (sent.Overrides.Values.Count(IsRange) > MaxRanges) return new HxRefused($"A patient series can be changed from at most {MaxRanges} occurrences onwards at once.");
        if (EventFlags.IsCancelled(sent.Master) || sent.Overrides.Any(pair => pair.Key <= sent.Start.Local && IsRange(pair.Value) && EventFlags.IsCancelled(pair.Value)))
            return Removal.Decide(new ExternalRemoval(put.Collection, existing.Row.Name, put.Origin, put.At, existing) { Access = put.Access });
        if (StaysCancelled(details)) return LeaveCancelled(put, existing, details, before);
        var truth = Series.Of(CalendarObject.Parse(existing.Bytes))!;
        return new PatientEdit(put, existing, details, before, truth, sent).Merge();
    }

    private static bool StaysCancelled(AppointmentDetails details) => details is { Kept: null, RemovedOutside: false, IsCancelled: true };

    /// <summary>
    /// The practice cancelled it and the sender did not know: it stays cancelled. It is written under the name that was sent, unpublished, so that the sender's next sync tells that it is gone.
    /// </summary>
    private static HxAccepted LeaveCancelled(ExternalPut put, StoredObject existing, AppointmentDetails details, List<StoreOperation> operations)
    {
        var index = ObjectIndexer.Index(CalendarObject.Parse(existing.Bytes));
        // rewritten it was not cancelled again
        details = details with { CancelledAt = details.CancelledAt ?? existing.Row.Modified };
        operations.AddRange(ExternalWrite.Store(put, existing, existing.Bytes, index, details).Select(step => step is PutObject stored ? stored with { Published = false } : step));
        return new HxAccepted(operations, StoredAsSent: false)
        {
            Rejected = [put.Rejected(existing.Row.Index.Uid, new RejectedField(RejectionKind.Again, ""))],
        };
    }

    private HxDecision Merge()
    {
        var restored = !_existing.Row.Published;
        if (restored) _details = _details.Restored();
        var before = _truth.AuditSpanOf(_truth.Master);
        MergeAll();
        _details = AdditionLevels.Merge(_truth.Object.Calendar, AdditionPlace.Calendar, _shown.Object.Calendar, _put.Incoming.Calendar, Level, _details);
        MergeRanges();
        return _refusal is null ? Accept(before, restored) : new HxRefused(_refusal);
    }

    private HxAccepted Accept(AuditSpan before, bool restored)
    {
        var after = _truth.AuditSpanOf(_truth.Master);
        var edited = after == before ? AuditAction.Edited : AuditAction.Moved;
        Note(restored ? AuditAction.Restored : _altered ? AuditAction.EditedInPart : edited, null, entry => entry.WithTimes(before, after));
        var accepted = (Level == PrivacyLevel.FullName && !_altered ? StoreSent() : StoreMerged()) with { Ended = _ended };
        KeepRejected(_existing.Row.Index.Uid);
        return accepted with { Rejected = _kept };
    }

    private void KeepRejected(string appointmentId)
    {
        if (_rejected.All is { Count: > 0 } fields) _kept.Add(_put.Rejected(appointmentId, [.. fields]));
    }

    private void MergeAll()
    {
        MergeSeries();
        MergeExclusions();
        MergeOverrides();
        MergeEvent(null, _truth.Master, _shown.Master, _sent.Master, withTimes: !_truth.Recurring);
    }

    /// <summary>Nothing was refused and nothing is hidden: what was sent is the appointment, byte for byte.</summary>
    private HxAccepted StoreSent()
    {
        _operations.AddRange(ExternalWrite.Store(_put, _existing, _put.Bytes, _put.IncomingIndex, AdditionLevels.Prune(_put.Incoming, _details)));
        return new HxAccepted(_operations, StoredAsSent: true);
    }

    private HxAccepted StoreMerged()
    {
        EventStamp.Put(_truth, _put.At, atLeast: EventStamp.Highest(_sent));
        _details = AdditionLevels.Prune(_truth.Object, _details);
        _operations.AddRange(ExternalWrite.Store(_put, _existing, _truth.Object.ToText(), ObjectIndexer.Index(_truth.Object), _details));
        var readBack = Level == PrivacyLevel.FullName ? _truth.Object : Projection.Of(_truth.Object, _details, Level);
        return new HxAccepted(_operations, StoredAsSent: readBack.ToText().AsSpan().SequenceEqual(_put.Bytes.Span));
    }

    /// <summary>Start, end and rule of a series.</summary>
    private void MergeSeries()
    {
        if (!_truth.Recurring)
        {
            // moved, it takes the zone along; at the same moment it has its own
            _altered |= _sent.IsInOtherZoneThan(_shown) && _sent.InstantOf(_sent.Start) == _shown.InstantOf(_shown.Start);

            // only the diary makes more appointments with a patient
            if (!_sent.Recurring) return;
            _altered = true;
            if (_sent.Rule is { } added) _rejected.Add(RejectionKind.Repeat, added, null);
            foreach (var date in _sent.Dates) _rejected.AddSession(date);
            return;
        }

        if (_sent.IsInOtherZoneThan(_shown))
        {
            _sent.WriteInZoneOf(_shown);
            _altered = true;
        }

        var before = _shown.Clone();
        if (!SameTimes(_shown, _shown.Master, _sent, _sent.Master, zoneToo: true)) MoveSeries();
        MergeRule(before);
        MergeDates();
    }

    /// <summary>Rules are compared by what they mean: every client writes the same one in its own way.</summary>
    /// <param name="before">What was shown, before it was moved.</param>
    private void MergeRule(Series before)
    {
        if (_sent.ReadRule() is { Count: not null, Until: not null } rule)
        {
            _sent.SetRule(RuleMeaning.WithOneEnd(rule, _sent));
            _altered = true;
        }

        var meant = RuleMeaning.Of(_sent.Rule, _shown);
        if (meant.IsSame) return;
        // a client that moved the series may leave the rule as it was
        var unchanged = RuleMeaning.Of(_sent.Rule, before).IsSame;
        if (!unchanged && meant.EndsBefore is { } key && TryEndBefore(key)) return;
        _altered = true;
        if (!unchanged) _rejected.Add(RejectionKind.Repeat, _sent.Rule, null);
    }

    /// <summary>Dates besides the rule: one that was taken out is removed; only the diary makes more appointments with a patient.</summary>
    private void MergeDates()
    {
        var shown = _shown.Dates;
        var sent = _sent.Dates;
        _altered |= !shown.SetEquals(sent);
        foreach (var date in sent.Except(shown)) _rejected.AddSession(date);
        _altered |= _sent.Master.FindAll("RRULE").Skip(1).Any() || !SameRules("EXRULE");
        foreach (var key in shown.Where(key => !sent.Contains(key) && !_shown.Exclusions.Contains(key)).ToList()) Remove(key);
    }

    private bool SameRules(string name) => PlainRules(_shown.Master, name).SequenceEqual(PlainRules(_sent.Master, name));

    private static IEnumerable<string> PlainRules(Component component, string name) =>
        component.FindAll(name).Select(line => RuleMeaning.Read(line.RawValue)?.ToString() ?? line.RawValue);

    /// <summary>
    /// The whole series was moved. Some clients move exclusions and RECURRENCE-IDs along, some do not: whichever fits better is what the
    /// sender did.
    /// </summary>
    private void MoveSeries()
    {
        var staying = StayingSessions.Of(_truth, _details, _put.At);
        var move = staying.Refusal is null ? SeriesMove.To(_truth, _sent.Start, _sent.Zone, _sent.Rule) : null;
        if (move is null)
        {
            _refusal = staying.Refusal ?? SeriesMove.Refusal;
            return;
        }

        HashSet<LocalDateTime> before = [.. _shown.Exclusions, .. _shown.Overrides.Keys, .. _shown.Dates];
        var moved = before.Select(key => move[key]).ToHashSet();
        HashSet<LocalDateTime> after = [.. _sent.Exclusions, .. _sent.Overrides.Keys, .. _sent.Dates];
        var leftBehind = after.Count(before.Contains) > after.Count(moved.Contains);
        var lines = Series.TimeLines(_sent.Master);
        _truth.Move(move, lines, _sent.Object.Calendar);
        (_details, _) = staying.PutBack(_truth, _details.Move(key => move[key], _put.At.InZone(_truth.Zone).LocalDateTime), move);
        _shown.Move(move, lines, _sent.Object.Calendar);
        _altered |= staying.Count > 0;
        if (!leftBehind) return;
        _sent.MoveKeys(key => move[key]);
        _altered = true;
    }

    /// <summary>
    /// A rule that differs only in ending earlier takes the occurrences after that end out of the calendar. They become a series of their
    /// own that is cancelled, or kept when an invoice or note is linked, and can be put back.
    /// </summary>
    private bool TryEndBefore(LocalDateTime key)
    {
        if (key <= _truth.Start.Local || _sent.Dates.Any(date => date >= key)) return false;
        EndBefore(key);
        return true;
    }

    private void EndBefore(LocalDateTime key)
    {
        var uid = Guid.NewGuid().ToString();
        var before = _truth.AuditSpanOf(key);
        var (tail, head, tailDetails) = SeriesSplit.At(_truth, _details, key, uid);
        SeriesSplit.At(_shown, _details, key, uid);
        _details = head;
        tailDetails = AdditionLevels.Prune(tail.Object, Removal.Whole(tailDetails, _put.At, _put.Origin.Label));
        EventStamp.Put(tail, _put.At);
        _ended = new PutObject(
            _put.Collection.Id,
            $"{uid}.ics",
            tail.Object.ToText(),
            DiaryIndex.Of(tail.Object, tailDetails),
            Expectation.Absent,
            Published: false,
            tailDetails.Write(),
            (int)tailDetails.Level);
        _operations.Add(_ended);
        _endsBefore = key;
        Note(tailDetails.Kept is null ? AuditAction.Cancelled : AuditAction.KeptInDiary, key, entry => entry with { AndFollowing = true, Rest = uid, Before = before });
    }

    private void MergeExclusions()
    {
        var shown = _shown.Exclusions;
        var sent = _sent.Exclusions;
        foreach (var key in _truth.Occurring([.. sent.Where(key => !shown.Contains(key))])) Remove(key);
        foreach (var key in shown.Where(key => !sent.Contains(key)).ToList()) PutBack(key);
    }

    private void MergeOverrides()
    {
        var shown = _shown.Overrides;
        var sent = _sent.Overrides;
        var occurring = _truth.Occurring([.. sent.Keys]);
        foreach (var (key, component) in sent)
        {
            if (_removed.Contains(key))
            {
                // excluded and described at once: it is cancelled, and the description must not bring it back
                _altered = true;
                continue;
            }

            if (!occurring.Contains(key))
            {
                // only the diary makes more appointments with a patient
                _altered = true;
                // a client that ended the series may leave in what it had put beside it
                if (!(key >= _endsBefore)) _rejected.AddSession(_sent.TimesOf(component).Start.Local);
            }
            else if (IsRange(component) && !(shown.GetValueOrDefault(key) is { } known && IsRange(known)))
            {
                _ranges.Add((key, component));
            }
            else if (EventFlags.IsCancelled(component))
            {
                _altered = true;
                if (!_truth.Exclusions.Contains(key)) Remove(key);
            }
            else
            {
                MergeOverride(key, shown.GetValueOrDefault(key), component);
            }
        }

        foreach (var key in shown.Keys)
        {
            if (!sent.ContainsKey(key) && !_removed.Contains(key)) Revert(key);
        }
    }

    private void MergeOverride(LocalDateTime key, Component? shown, Component sent)
    {
        var before = _truth.AuditSpanOf(key);
        if (_truth.Exclusions.Contains(key))
        {
            PutBack(key);
            _altered |= _sent.Exclusions.Contains(key);
            if (_truth.Exclusions.Contains(key)) return;
        }

        if (!_truth.Overrides.TryGetValue(key, out var truth))
        {
            truth = _truth.MakeOverride(key);
            _truth.AddOverride(truth);
            _details = AdditionLevels.Inherit(_details, key);
        }

        MergeEvent(key, truth, shown ?? _shown.MakeOverride(key), sent, withTimes: true);
        NoteMove(key, before);
    }

    private void NoteMove(LocalDateTime key, AuditSpan before)
    {
        var after = _truth.AuditSpanOf(key);
        if (after != before && ++_moves <= MaxMoveLines) Note(AuditAction.Moved, key, entry => entry.WithTimes(before, after));
    }

    /// <summary>
    /// The sender dropped an override and excluded nothing: the occurrence is where its series has it again. What the sender was not shown
    /// stays.
    /// </summary>
    private void Revert(LocalDateTime key)
    {
        var before = _truth.AuditSpanOf(key);
        if (Level == PrivacyLevel.FullName) _truth.RemoveOverride(key);
        else if (_truth.Overrides.TryGetValue(key, out var component))
        {
            var (_, from, until) = _truth.TimesOf(_truth.Master);
            _truth.SetTimes(component, _truth.TimeOf(key), until - from);
        }

        NoteMove(key, before);
    }

    private void MergeEvent(LocalDateTime? key, Component truth, Component shown, Component sent, bool withTimes)
    {
        if (withTimes && !SameTimes(_shown, shown, _sent, sent, zoneToo: false))
            _truth.SetLines(truth, Series.TimeLines(sent), _sent.Object.Calendar);
        if (!MergeText("LOCATION", Level >= PrivacyLevel.Type && !IsInHalaxy, truth, shown, sent)) _rejected.Add(RejectionKind.Location, sent.Find("LOCATION")?.Text, key);
        if (!MergeText("DESCRIPTION", Level == PrivacyLevel.FullName, truth, shown, sent)) _rejected.Add(RejectionKind.Comments, sent.Find("DESCRIPTION")?.Text, key);
        _rejected.AddOwned(shown, sent, key);
        var owned = shown.Properties.Where(Additions.IsOwned).Select(line => Additions.Content(line)).ToHashSet();
        _altered |= !owned.SetEquals(sent.Properties.Where(Additions.IsOwned).Select(line => Additions.Content(line)));
        _details = AdditionLevels.Merge(truth, key is { } there ? AdditionPlace.Of(there) : AdditionPlace.Series, shown, sent, Level, _details);
    }

    /// <summary>False when it is not taken.</summary>
    private bool MergeText(string name, bool visible, Component truth, Component shown, Component sent)
    {
        var line = sent.Find(name);
        if ((line?.Text ?? "") == (shown.Find(name)?.Text ?? "")) return true;
        _altered |= !visible;
        if (!visible) return false;
        if (string.IsNullOrEmpty(line?.Text)) truth.RemoveAll(name);
        else truth.Set(line);

        // another rendering of the same comments is no longer true
        if (name == "DESCRIPTION") truth.RemoveAll("X-ALT-DESC");
        return true;
    }

    private void Remove(LocalDateTime key)
    {
        var kept = Removal.KeptBecause(_details, key, _put.At, _put.Origin.Label);
        var before = _truth.AuditSpanOf(key);
        _details = Removal.One(_truth, _details, key, kept, outside: true);
        _removed.Add(key);
        Note(kept is null ? AuditAction.Cancelled : AuditAction.KeptInDiary, key, entry => entry with { Before = before });
    }

    private void PutBack(LocalDateTime key)
    {
        if (!_put.Knows && IsOutByPractice(key))
        {
            // the sender did not know
            _altered = true;
            _rejected.Add(RejectionKind.Again, null, key);
            return;
        }

        _altered |= _details.Occurrence(key)?.Override is not null;
        _truth.Include(key);
        _details = Removal.PutBack(_truth, _details, key);
        Note(AuditAction.Restored, key);
    }

    private bool IsOutByPractice(LocalDateTime key) => _details.Occurrence(key) is { } record
        ? record is { Removed: true, Kept: null, RemovedOutside: false, Status: AppointmentStatus.Cancelled }
        : _put.Deleted.Occurrences.Contains(key);

    private void Note(AuditAction action, LocalDateTime? occurrence, Func<AuditEntry, AuditEntry>? with = null) =>
        _operations.Add(_put.Note(action, _existing.Row.Index.Uid, occurrence, with));

    private static bool SameTimes(Series left, Component leftEvent, Series right, Component rightEvent, bool zoneToo)
    {
        var (leftStart, leftFrom, leftUntil) = left.TimesOf(leftEvent);
        var (rightStart, rightFrom, rightUntil) = right.TimesOf(rightEvent);
        if (leftStart.IsDate != rightStart.IsDate || leftFrom != rightFrom || leftUntil != rightUntil) return false;
        return !zoneToo || leftStart.Local == rightStart.Local;
    }
}
