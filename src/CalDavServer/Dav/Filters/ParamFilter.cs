using Calendaring.ICalendar;

namespace CalDavServer.Dav.Filters;

/// <summary>A CALDAV:param-filter (RFC 4791 §9.7.3).</summary>
/// <param name="Name">The parameter, upper case.</param>
/// <param name="IsNotDefined">Whether it must be absent.</param>
/// <param name="Text">What one of its values must match, or null when it is enough that the parameter is there.</param>
internal sealed record ParamFilter(string Name, bool IsNotDefined, TextMatch? Text)
{
    public bool Matches(ContentLine line, FilterScope scope)
    {
        foreach (var parameter in line.Parameters)
        {
            if (parameter.Name != Name) continue;
            foreach (var value in parameter.Values) scope.Read(value);
            return !IsNotDefined && (Text is null || Text.MatchesAny(parameter.Values));
        }

        return IsNotDefined;
    }
}
