using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Reads appointments out of a stored object and its details.</summary>
internal sealed class AppointmentReader
{
    private static readonly Instant Earliest = Instant.FromUtc(1, 1, 2, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(9999, 12, 30, 0, 0);
    private readonly ObjectRow _row;
    private readonly CalendarObject _content;
    private readonly AppointmentDetails _details;
    private readonly DateTimeZone _zone;
    private readonly ZoneResolver _zones;
    private readonly Series? _series;
    private readonly bool _addedByApps;
    private readonly bool _seriesHasInvoice;
    private readonly Instant? _end;
    private readonly bool _forOthers;
    private readonly Dictionary<Component, Texts> _texts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LocalDateTime, OccurrenceRecord> _records = [];

    /// <param name="stored">The appointment.</param>
    /// <param name="zone">The practice group's zone.</param>
    /// <param name="forOthers">Whether it is read for somebody else than its owner.</param>
    public AppointmentReader(StoredObject stored, DateTimeZone zone, bool forOthers)
    {
        _forOthers = forOthers;
        _row = stored.Row;
        _content = CalendarObject.Parse(stored.Bytes);
        _details = AppointmentDetails.Read(stored.Row.Details);
        _zone = zone;
        _zones = new ZoneResolver(_content.Calendar, zone);
        _series = Series.Of(_content, zone);
        foreach (var record in _details.Occurrences) _records.TryAdd(record.Key, record);
        _seriesHasInvoice = _details.Invoice is not null || _details.Occurrences.Any(record => record.Invoice is not null);
        if (_series is { Recurring: true }) _end = CancelledTail.EndOf(_details, _series.InstantOf(_series.Start), stored.Row.Modified);
        _addedByApps = !AppointmentWriter.CopiesAll(_content, _details);
    }

    /// <summary>What can be said of an appointment that cannot be read: that there is one, and about when.</summary>
    public static Appointment Damaged(ObjectRow row, DateTimeZone zone)
    {
        var start = row.Index.Start ?? row.Created;
        return new Appointment(row.Index.Uid, null, start.InZone(zone), (row.Index.End ?? start).InZone(zone))
        {
            Kind = AppointmentDetails.IsPatient(row.Details) ? AppointmentKind.Patient : AppointmentKind.Personal,
            Status = AppointmentStatus.Booked,
            Title = "This appointment is damaged on the disk: whoever runs the server can restore it from a backup.",
            Published = row.Published,
            Version = HxCalendar.VersionOf(row),
        };
    }

    /// <summary>The occurrences in [from, until), as far as the budget goes.</summary>
    /// <param name="from">The start.</param>
    /// <param name="until">The end.</param>
    /// <param name="budget">What the expansion may cost; null for what one of them may.</param>
    /// <param name="wanted">Which are wanted, by their texts: those that one component describes are all wanted or none. Null for all.</param>
    public IEnumerable<Appointment> Between(Instant from, Instant until, ExpansionBudget? budget = null, Func<Appointment, bool>? wanted = null)
    {
        budget ??= new ExpansionBudget(ExpansionBudget.DefaultSteps);
        Dictionary<Component, bool> decided = new(ReferenceEqualityComparer.Instance);
        // a rule may be costly to follow for nothing
        var none = wanted is not null && !_content.Events().Any(component => decided[component] = wanted(Make(component, null, from, until, allDay: false)));
        foreach (var occurrence in none ? [] : RecurrenceSet.Of(_content, _zones).Between(from, LastOf(until), budget))
        {
            if (IsGone(occurrence.Component)) continue;
            if (decided.TryGetValue(occurrence.Component, out var isWanted) && !isWanted) continue;
            var key = occurrence.RecurrenceId is { } id ? _series?.KeyOf(id) ?? id.Local : (LocalDateTime?)null;
            if (occurrence.Start >= _end && !(key is { } at && _records.TryGetValue(at, out var known) && CancelledTail.IsKept(known))) continue;
            var appointment = Make(occurrence.Component, key, occurrence.Start, occurrence.End, occurrence.StartTime.IsDate);
            if (wanted is not null && !isWanted && !(decided[occurrence.Component] = wanted(appointment))) continue;
            yield return appointment;
        }

        foreach (var record in _details.Occurrences)
        {
            if (!record.Removed || Removed(record) is not { } appointment) continue;
            if (appointment.Start.ToInstant() < until && appointment.End.ToInstant() > from && wanted?.Invoke(appointment) != false) yield return appointment;
        }
    }

    /// <summary>Up to when a series is followed: a cancelled one to its end, or on to those of it that have a story of their own.</summary>
    private Instant LastOf(Instant until) => _end is { } end && !_details.Occurrences.Any(CancelledTail.IsKept) ? Instant.Min(end, until) : until;

    /// <summary>The whole, or one occurrence that is known to be there.</summary>
    public Appointment Read(LocalDateTime? key)
    {
        if (_series is null)
        {
            var lone = _content.Events().First();
            var start = Series.ReadTime(lone, "DTSTART") ?? CalendarTime.OfUtc(_row.Created);
            var end = Series.ReadTime(lone, "DTEND") ?? start;
            return Make(lone, null, _zones.ToInstant(start), _zones.ToInstant(end), start.IsDate);
        }

        if (key is { } wanted && _details.Occurrence(wanted) is { Removed: true } record && Removed(record) is { } removed) return removed;
        var component = key is { } single && _series.Overrides.TryGetValue(single, out var found) ? found : _series.Master;
        if (key is { } moved && component == _series.Master) component = _series.MakeOverride(moved);
        var (startTime, from, until) = _series.TimesOf(component);
        return Make(component, key, from, until, startTime.IsDate);
    }

    private Appointment? Removed(OccurrenceRecord record)
    {
        if (_series is null || record.Start is not { } start || record.End is not { } end) return null;
        var component = record.Override is { } text
            ? CalendarObject.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Events().First()
            : _series.Master;
        var zone = _series.Zone;
        var (from, until) = (RepeatedHour.At(start, zone, record.StartsLater).ToInstant(), RepeatedHour.At(end, zone, record.EndsLater).ToInstant());
        return Make(component, record.Key, from, until, _series.Start.IsDate);
    }

    /// <summary>A client that cancels a personal appointment may leave it in the calendar: in the diary's day there is nothing any more.</summary>
    private bool IsGone(Component component) => _details.Kind == AppointmentKind.Personal && (_details.IsCancelled || EventFlags.IsCancelled(component));

    /// <summary>An occurrence that was deleted, as somebody finds it who knows of it.</summary>
    private bool IsExcluded(LocalDateTime? key) => key is { } single && !_records.ContainsKey(single) && _series?.Exclusions.Contains(single) == true;

    private bool IsPrivate(Component component) =>
        _details.Kind == AppointmentKind.Personal && (EventFlags.IsPrivate(component) || (_series is { } series && EventFlags.IsPrivate(series.Master)));

    private Appointment Make(Component component, LocalDateTime? key, Instant from, Instant until, bool allDay)
    {
        var made = MakeWhole(component, key, from, until, allDay);
        return made.Private && _forOthers ? made with { Title = Projection.HiddenTitle, Location = null, Comments = null, Colour = null } : made;
    }

    private Appointment MakeWhole(Component component, LocalDateTime? key, Instant from, Instant until, bool allDay)
    {
        var record = key is { } occurrence ? _records.GetValueOrDefault(occurrence) : null;
        var patient = _details.Kind == AppointmentKind.Patient;
        var texts = TextsOf(component);
        return new Appointment(_row.Index.Uid, key, InZone(from), InZone(until))
        {
            Kind = _details.Kind,
            Status = IsGone(component) || IsExcluded(key) ? AppointmentStatus.Cancelled : StatusOf(record),
            Transparent = EventFlags.IsTransparent(component),
            Private = IsPrivate(component),
            Title = texts.Title,
            AllDay = allDay,
            Patients = _details.Patients,
            Type = _details.Type,
            Location = texts.Location,
            Comments = texts.Comments,
            Colour = patient ? null : texts.Colour,
            Rule = _series?.Rule,
            OnlineBooking = _details.OnlineBooking,
            Fee = _details.Fee,
            Invoice = record?.Invoice ?? _details.Invoice,
            SeriesHasInvoice = _seriesHasInvoice,
            SeriesWithdrawn = _series is { Recurring: true } && (_details.Kept is not null || _details.IsCancelled),
            Note = record?.Note ?? _details.Note,
            Published = _row.Published && record is not { Removed: true },
            Kept = record?.Kept ?? _details.Kept,
            Origin = _details.Origin,
            OriginId = _details.OriginId,
            HalaxyId = _details.HalaxyId,
            AddedByApps = _addedByApps,
            Follows = _details.Follows,
            FollowedBy = _details.FollowedBy,
            Version = HxCalendar.VersionOf(_row),
        };
    }

    // once for all occurrences that a component describes: they may be long, and many
    private Texts TextsOf(Component component)
    {
        if (_texts.TryGetValue(component, out var texts)) return texts;
        texts = new Texts(
            _details.Kind == AppointmentKind.Patient ? SummaryLine.Of(_details, PrivacyLevel.FullName) : component.Find("SUMMARY")?.Text ?? "", component.Find("LOCATION")?.Text, component.Find("DESCRIPTION")?.Text, component.Find("COLOR")?.Text);
        _texts.Add(component, texts);
        return texts;
    }

    /// <summary>A client may send what lasts to the end of the calendar: it must not hide all the others.</summary>
    private ZonedDateTime InZone(Instant instant) => Instant.Max(Earliest, Instant.Min(Latest, instant)).InZone(_zone);

    /// <summary>An occurrence has its own status; in a cancelled series what has happened and what was kept stays what it is.</summary>
    private AppointmentStatus StatusOf(OccurrenceRecord? record)
    {
        var whole = _details.Status;
        if (record is null || whole is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected)) return record?.Status ?? whole;
        if (record.Kept is not null) return record.Status ?? AppointmentStatus.Booked;
        return record.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend ? record.Status.Value : whole;
    }

    private sealed record Texts(string Title, string? Location, string? Comments, string? Colour);
}
