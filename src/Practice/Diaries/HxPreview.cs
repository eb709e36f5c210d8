using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What one level shows of an appointment.</summary>
/// <param name="Level">The level.</param>
/// <param name="Title">Its title.</param>
/// <param name="Location">Its location, or null.</param>
/// <param name="Comments">Its comments, or null.</param>
public sealed record OutsideView(PrivacyLevel Level, string Title, string? Location, string? Comments);

/// <summary>What one of a practitioner's own patient appointments looks like outside, at each level: made by what devices are sent.</summary>
/// <param name="IsSample">Whether there was none coming, so that an invented one is shown.</param>
/// <param name="Start">When it starts, in the practice's time zone.</param>
/// <param name="End">When it ends.</param>
/// <param name="Views">One for each level, the one that shows least first.</param>
public sealed record HxPreview(bool IsSample, LocalDateTime Start, LocalDateTime End, IReadOnlyList<OutsideView> Views)
{
    private static readonly Duration Ahead = Duration.FromDays(30);

    /// <summary>The view of a level.</summary>
    public OutsideView this[PrivacyLevel level] => Views[(int)level];

    /// <summary>The next patient appointment of a practitioner, seen from outside.</summary>
    public static async ValueTask<HxPreview> OfAsync(IStoreSnapshot snapshot, Principal practitioner, PracticeGroup practice, Instant now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(practitioner);
        ArgumentNullException.ThrowIfNull(practice);
        var zone = practice.Zone();
        var next = await FindNextAsync(snapshot, practitioner.Id, zone, now) ?? Sample(zone, now);
        return new HxPreview(
            next.IsSample,
            next.Start.LocalDateTime,
            next.End.LocalDateTime,
            [.. Enum.GetValues<PrivacyLevel>().Select(level => ViewOf(next, level))]);
    }

    /// <summary>What is said of the occurrence itself, or of the series that it follows.</summary>
    private static OutsideView ViewOf(Shown next, PrivacyLevel level)
    {
        var series = Series.Of(CalendarObject.Parse(HxCalendar.Represent(next.Stored, level)))!;
        var shown = next.Occurrence is { } key ? series.Overrides.GetValueOrDefault(key, series.Master) : series.Master;
        return new OutsideView(level, shown.Find("SUMMARY")?.Text ?? "", shown.Find("LOCATION")?.Text, shown.Find("DESCRIPTION")?.Text);
    }

    private static async ValueTask<Shown?> FindNextAsync(IStoreSnapshot snapshot, string practitionerId, DateTimeZone zone, Instant now)
    {
        Shown? next = null;
        if (await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is not { } hx) return null;
        try
        {
            await foreach (var stored in snapshot.ListCandidatesAsync(hx.Id, "VEVENT", now, now + Ahead))
            {
                if (!AppointmentDetails.IsPatient(stored.Row.Details)) continue;
                var coming = new AppointmentReader(stored, zone, forOthers: false).Between(now, now + Ahead)
                    .Where(appointment => appointment.Status is AppointmentStatus.Booked or AppointmentStatus.Confirmed && appointment.Start.ToInstant() >= now)
                    .MinBy(appointment => appointment.Start.ToInstant());
                if (coming is null || next?.Start.ToInstant() <= coming.Start.ToInstant()) continue;
                next = new Shown(stored, coming.Occurrence, coming.Start, coming.End, IsSample: false);
            }
        }
        catch (Exception fault) when (fault is CorruptObjectException or FormatException)
        {
            // what was found before it will do
        }

        return next;
    }

    private static Shown Sample(DateTimeZone zone, Instant now)
    {
        var start = now.InZone(zone).Date.PlusDays(1) + new LocalTime(10, 0);
        var length = Duration.FromMinutes(45);
        var details = new AppointmentDetails
        {
            Kind = AppointmentKind.Patient,
            Patients = [new Patient("sample", "Alex", "Sample", "03 5550 0000")],
            Type = "Standard consultation",
        };
        var series = AppointmentWriter.Make("sample", AppointmentWriter.TimeOf(start, allDay: false, zone), length, zone, now);
        AppointmentWriter.WriteText(series.Master, "LOCATION", "Room 1");
        AppointmentWriter.WriteText(series.Master, "DESCRIPTION", "Brings the referral letter.");
        AppointmentWriter.WritePatients(series, details);
        var bytes = series.Object.ToBytes();
        var row = new ObjectRow(
            0, "sample.ics", "sample", bytes.Length, DiaryIndex.Of(series.Object, details), true, 0, null, details.Write(), (int)details.Level, now, now);
        var from = start.InZoneLeniently(zone);
        return new Shown(new StoredObject(row, bytes), null, from, from + length, IsSample: true);
    }

    private sealed record Shown(StoredObject Stored, LocalDateTime? Occurrence, ZonedDateTime Start, ZonedDateTime End, bool IsSample);
}
