namespace Calendaring.Validation;

/// <summary>What is wrong with a calendar object.</summary>
/// <param name="Fault">The precondition it fails.</param>
/// <param name="LineNumber">Physical line, from 1; 0 when it is about the whole, or about a line made here.</param>
/// <param name="Reason">A sentence a person understands, without content.</param>
public sealed record CalendarObjectProblem(CalendarObjectFault Fault, int LineNumber, string Reason);
