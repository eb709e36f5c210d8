using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;
using Practice.Groups;

namespace Practice.Diaries;

/// <summary>What is asked of the input before anything is changed.</summary>
internal static class DiaryCheck
{
    private const int MaxText = 20_000;
    private const int MaxName = 200;
    private const int MaxPatients = 50;
    private const int MaxColour = 30;
    private const decimal LargestFee = 1_000_000;

    public static void Text(string? text, string what, bool required = false)
    {
        if (required && string.IsNullOrWhiteSpace(text)) throw Invalid($"The appointment needs {what}.");
        if (text is null) return;
        if (text.Length > MaxText) throw Invalid($"The appointment has {what} longer than {MaxText} characters.");
        if (text.Any(static character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')))
            throw Invalid($"The appointment has {what} with control characters.");
    }

    /// <summary>A fee that is not the one there was can be charged in the practice group's currency.</summary>
    public static void Fee(PracticeGroup practice, decimal? fee, decimal? before = null)
    {
        if (fee is not { } amount || fee == before) return;
        if (amount < 0) throw Invalid("A fee cannot be negative.");
        if (amount >= LargestFee) throw Invalid($"A fee is less than {LargestFee:0}.");
        var currency = practice.Currency();
        var decimals = Currency.DecimalsOf(currency?.Code);
        if (decimal.Round(amount, decimals) == amount) return;
        var where = currency is null ? "" : $" in {currency}";
        throw Invalid(decimals == 0 ? $"A fee{where} is a whole amount, without decimals." : $"A fee{where} has at most {decimals} decimals.");
    }

    public static void Colour(string? name)
    {
        if (name is { Length: > 0 } && (name.Length > MaxColour || !name.All(char.IsAsciiLetter))) throw Invalid("A colour is the name of a CSS colour, such as teal.");
    }

    public static void Patients(IReadOnlyList<Patient> patients)
    {
        if (patients.Count is 0 or > MaxPatients) throw Invalid($"A patient appointment has 1 to {MaxPatients} patients.");
        foreach (var patient in patients)
        {
            if (string.IsNullOrWhiteSpace(patient.Reference)) throw Invalid("Each patient needs a reference.");
            if (patient.FullName.Length is 0 or > MaxName) throw Invalid($"Each patient needs a name of at most {MaxName} characters.");
            Text(patient.FullName, "a patient's name");
            Text(patient.Phone, "a phone number");
        }
    }

    public static void Start(LocalDateTime start, bool allDay, DateTimeZone zone)
    {
        if (start.Year is < 1900 or > 2200) throw Invalid("The start must lie between the years 1900 and 2200.");
        if (!allDay && zone.MapLocal(start).Count == 0)
            throw Invalid("That local time does not exist: the clocks go forward over it.");
    }

    public static void Length(Duration length, bool allDay)
    {
        if (length <= Duration.Zero || length > Duration.FromDays(366)) throw Invalid("The length must be more than zero and at most a year.");
        if (allDay && length.TotalDays % 1 != 0) throw Invalid("An all-day appointment has whole days.");
    }

    /// <summary>What is written in UTC would move by an hour with each change of the clocks if it repeated.</summary>
    public static void Repeats(CalendarTime start)
    {
        if (start.Kind == CalendarTimeKind.Utc)
            throw Invalid("On this day the clocks go back and show this time twice: a series can start at the first of the two only.");
    }

    private static DiaryException Invalid(string message) => new(DiaryFault.Invalid, message);
}
