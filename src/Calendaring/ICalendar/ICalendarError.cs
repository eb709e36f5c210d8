namespace Calendaring.ICalendar;

/// <summary>What is wrong with an iCalendar text.</summary>
/// <param name="LineNumber">Physical line, from 1; of a folded line the first.</param>
/// <param name="Reason">A sentence a person understands, without content of the object beyond names of properties and components.</param>
/// <param name="LimitExceeded">Whether a limit was met, and not a rule of the format.</param>
public sealed record ICalendarError(int LineNumber, string Reason, bool LimitExceeded = false);
