using Calendaring.ICalendar;
using NodaTime;
using NodaTime.Text;

namespace Practice.Hx;

/// <summary>Collects what an edit from outside says that is not taken, as far as it is words that somebody can read and decide on.</summary>
internal sealed class RejectedFields
{
    private readonly List<RejectedField> _fields = [];

    /// <summary>All that was collected, once each: what a series says is not said again of its occurrences.</summary>
    public IReadOnlyList<RejectedField> All =>
    [
        .. _fields
            .Where(one => one.Occurrence is null || !_fields.Contains(one with { Occurrence = null }))
            .Distinct()
            .OrderBy(one => one.Occurrence.HasValue)
            .Take(RejectedEdit.MaxFields),
    ];

    public void Add(RejectionKind kind, string? sent, LocalDateTime? occurrence)
    {
        var text = new string([.. (sent ?? "").ReplaceLineEndings("\n").Trim().Where(character => character == '\n' || !char.IsControl(character))]);
        if (text.Length > RejectedEdit.MaxText) text = text[..(char.IsHighSurrogate(text[RejectedEdit.MaxText - 1]) ? RejectedEdit.MaxText - 1 : RejectedEdit.MaxText)];
        if (text.Length > 0 || kind is RejectionKind.Repeat or RejectionKind.Again) _fields.Add(new RejectedField(kind, text, occurrence));
    }

    public void AddSession(LocalDateTime start) => Add(RejectionKind.Session, LocalDateTimePattern.ExtendedIso.Format(start), null);

    /// <summary>What the server owns, where the sender changed it. What it only left out says nothing.</summary>
    public void AddOwned(Component shown, Component sent, LocalDateTime? occurrence)
    {
        AddTexts(RejectionKind.Title, ["SUMMARY"], shown, sent, occurrence, static line => line.Text);
        AddTexts(RejectionKind.Status, ["STATUS"], shown, sent, occurrence, static line => line.RawValue.ToLowerInvariant().Replace('-', ' '));
        AddTexts(RejectionKind.People, ["ATTENDEE", "ORGANIZER"], shown, sent, occurrence, NameOf);
        AddTexts(RejectionKind.Contact, ["CONTACT"], shown, sent, occurrence, static line => line.Text);
        AddTexts(RejectionKind.Comments, ["COMMENT"], shown, sent, occurrence, static line => line.Text);
    }

    private void AddTexts(RejectionKind kind, string[] names, Component shown, Component sent, LocalDateTime? occurrence, Func<ContentLine, string> read)
    {
        var before = names.SelectMany(shown.FindAll).Select(read).ToHashSet();
        Add(kind, string.Join("\n", names.SelectMany(sent.FindAll).Select(read).Where(text => !before.Contains(text)).Distinct()), occurrence);
    }

    private static string NameOf(ContentLine person)
    {
        const string scheme = "mailto:";
        var address = person.RawValue.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? person.RawValue[scheme.Length..] : person.RawValue;
        var name = person.Parameters.Where(parameter => parameter.Name == "CN").SelectMany(parameter => parameter.Values).FirstOrDefault();
        return string.IsNullOrWhiteSpace(name) || name == address ? address : $"{name} ({address})";
    }
}
