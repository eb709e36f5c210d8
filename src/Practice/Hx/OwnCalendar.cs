using Calendaring.ICalendar;
using Calendaring.Store;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// The ordinary calendars of a practitioner, beside the HX_ calendar. A device that is shown patients' names may copy them there, and nobody can tell by the text: so what a device writes belongs to its
/// privacy level, as a personal appointment does (docs/rules.md P6), and below that level it is shown as <see cref="HxCalendar.Represent"/> shows one.
/// </summary>
public static class OwnCalendar
{
    /// <summary>Whether an object is stored as it is sent, whatever is there now: nobody else's words are in it.</summary>
    public static bool TakesAsSent(ObjectRow? current, PrivacyLevel level) => current is null || (current.Level == (int)level && current.Details is not { Document.Length: > 0 });

    /// <summary>What an object becomes that a device changes: what the device was not shown stays.</summary>
    /// <param name="current">The object as it is.</param>
    /// <param name="bytes">What was sent.</param>
    /// <param name="incoming">The same, parsed.</param>
    /// <param name="level">The device's level.</param>
    /// <exception cref="FormatException">What is stored cannot be read.</exception>
    public static OwnObject Change(StoredObject current, ReadOnlyMemory<byte> bytes, CalendarObject incoming, PrivacyLevel level)
    {
        ArgumentNullException.ThrowIfNull(current);
        var (content, details) = PersonalEdit.Apply(CalendarObject.Parse(current.Bytes), incoming, DetailsOf(current.Row), level);
        var stored = content == incoming ? bytes : content.ToText();
        var shown = level < details.Level ? Projection.Of(content, details, level).ToText() : stored;
        ObjectDetails? document = details.Additions.Count == 0 ? null : details.Write();
        return new OwnObject(stored, ObjectIndexer.Index(content), document, (int)details.Level, StoredAsSent: shown.Span.SequenceEqual(bytes.Span));
    }

    private static AppointmentDetails DetailsOf(ObjectRow row) =>
        row.Details is not { Document.Length: > 0 } ? new AppointmentDetails { WrittenAt = (PrivacyLevel)row.Level } : AppointmentDetails.Read(row.Details);
}

/// <summary>What is stored of an object in an ordinary calendar.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Index">What is indexed.</param>
/// <param name="Details">What levels wrote of it, or null when one wrote it all.</param>
/// <param name="Level">The level from which on it is shown as stored.</param>
/// <param name="StoredAsSent">Whether who sent it reads it back as it was sent.</param>
public sealed record OwnObject(ReadOnlyMemory<byte> Bytes, ObjectIndex Index, ObjectDetails? Details, int Level, bool StoredAsSent);
