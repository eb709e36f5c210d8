using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// An override with RANGE=THISANDFUTURE (RFC 5545 §3.2.13) says "this and all that follow" in one object. The diary has two series then, and
/// so has every level: it is the same patient, as the UID is the same.
/// </summary>
internal sealed partial class PatientEdit
{
    /// <summary>Each becomes an object of its own.</summary>
    private const int MaxRanges = 10;

    private readonly List<(LocalDateTime Key, Component Event)> _ranges = [];

    public static bool IsRange(Component component) =>
        "THISANDFUTURE".Equals(component.Find("RECURRENCE-ID")?.Parameter("RANGE"), StringComparison.OrdinalIgnoreCase);

    /// <summary>From the last on: each goes up to the next.</summary>
    private void MergeRanges()
    {
        foreach (var (key, component) in _ranges.OrderByDescending(range => range.Key))
        {
            _altered = true;
            if (EventFlags.IsCancelled(component)) EndBefore(key);
            else if (key <= _truth.Start.Local) _details = MergeInto(_truth, _details, component)._details;
            else SplitFrom(key, component);
        }
    }

    private void SplitFrom(LocalDateTime key, Component component)
    {
        var uid = Guid.NewGuid().ToString();
        var (tail, head, details) = SeriesSplit.At(_truth, _details, key, uid);
        _details = head;
        details = AdditionLevels.Prune(tail.Object, MergeInto(tail, details, component)._details);
        EventStamp.Put(tail, _put.At);
        _operations.Add(new PutObject(
            _put.Collection.Id, $"{uid}.ics", tail.Object.ToBytes(), DiaryIndex.Of(tail.Object, details), Expectation.Absent, Published: true, details.Write(), (int)details.Level));
        Note(AuditAction.Split, key);
        _operations.Add(_put.Note(AuditAction.Edited, uid));
    }

    /// <summary>Merges what an override says into the master of a series that starts with it.</summary>
    private PatientEdit MergeInto(Series series, AppointmentDetails details, Component component)
    {
        var sent = (Level == PrivacyLevel.FullName ? series : Series.Of(Projection.Of(series.Object, details, Level))!).Clone();
        var master = component.Clone();
        foreach (var name in (ReadOnlySpan<string>)["RECURRENCE-ID", "UID", "RRULE", "RDATE", "EXDATE", "EXRULE"]) master.RemoveAll(name);
        foreach (var line in sent.Master.Properties.Where(line => line.Name is "UID" or "RRULE" or "RDATE" or "EXDATE" or "EXRULE")) master.Add(line);
        sent.Object.Calendar.Remove(sent.Master);
        sent.Object.Calendar.Add(master);
        foreach (var zone in _put.Incoming.Calendar.Components.Where(child => child.Name == "VTIMEZONE"))
        {
            if (sent.Object.Calendar.Components.All(child => child.Name != "VTIMEZONE" || child.Find("TZID")?.RawValue != zone.Find("TZID")?.RawValue))
                sent.Object.Calendar.Add(zone.Clone());
        }

        var edit = new PatientEdit(_put, _existing, details, _operations, series, Series.Of(sent.Object)!);
        edit.MergeAll();
        _refusal ??= edit._refusal;
        edit.KeepRejected(series.Master.Find("UID")!.RawValue);
        _kept.AddRange(edit._kept);
        return edit;
    }
}
