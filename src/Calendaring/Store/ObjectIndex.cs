using NodaTime;

namespace Calendaring.Store;

/// <summary>What is indexed of a calendar object.</summary>
/// <param name="Uid">The UID property.</param>
/// <param name="Component">The component type, e.g. <c>VEVENT</c>.</param>
/// <param name="Start">
/// No occurrence starts before this instant. Floating and all-day values are widened by the largest possible offset, so that it holds in every zone.
/// Null when nothing is known (an object without times): the object may match any time range.
/// </param>
/// <param name="End">No occurrence ends after this instant; null when open-ended or unknown.</param>
/// <param name="Recurring">Whether the object has RRULE, RDATE or overrides.</param>
public sealed record ObjectIndex(string Uid, string Component, Instant? Start, Instant? End, bool Recurring);
