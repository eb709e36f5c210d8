using System.Xml.Linq;
using Calendaring.ICalendar;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>Which properties and sub-components of a component to return: a CALDAV:comp (RFC 4791 §9.6.1).</summary>
/// <param name="Name">The component, upper case.</param>
/// <param name="Properties">The properties, upper case, and whether their value is left out (§9.6.4); null for all of them.</param>
/// <param name="Components">The sub-components; null for all of them.</param>
internal sealed record ComponentSelection(string Name, IReadOnlyDictionary<string, bool>? Properties, IReadOnlyList<ComponentSelection>? Components)
{
    private static readonly XNamespace C = DavNames.CalDav;

    /// <summary>The whole object.</summary>
    public static ComponentSelection Everything { get; } = new("VCALENDAR", null, null);

    /// <summary>Compiles a comp element.</summary>
    public static DavError? TryParse(XElement element, string? expectedName, out ComponentSelection selection)
    {
        selection = Everything;
        var name = element.Attribute("name")?.Value.Trim().ToUpperInvariant();
        if (string.IsNullOrEmpty(name)) return DavError.BadRequest("A comp has a name.");
        if (expectedName is not null && name != expectedName) return DavError.BadRequest($"The outermost comp is of {expectedName}.");
        Dictionary<string, bool> properties = [];
        List<ComponentSelection> components = [];
        foreach (var child in element.Elements())
        {
            if (child.Name == C + "prop")
            {
                if (child.Attribute("name")?.Value is not { Length: > 0 } property) return DavError.BadRequest("A prop of calendar-data has a name.");
                properties[property.Trim().ToUpperInvariant()] = child.Attribute("novalue")?.Value == "yes";
            }
            else if (child.Name == C + "comp")
            {
                if (TryParse(child, null, out var component) is { } error) return error;
                components.Add(component);
            }
        }

        // a comp that names nothing returns all of the component: the VTIMEZONE of the example in RFC 4791 §7.8.1
        var whole = !element.HasElements;
        var allProperties = whole || element.Element(C + "allprop") is not null;
        var allComponents = whole || element.Element(C + "allcomp") is not null;
        selection = new ComponentSelection(name, allProperties ? null : properties, allComponents ? null : components);
        return null;
    }

    /// <summary>The part of a component that is asked for; the component itself is not changed.</summary>
    public Component Select(Component source)
    {
        if (Properties is null && Components is null) return source;
        var result = SelectProperties(source);
        foreach (var component in source.Components)
        {
            if (SelectWithin(component) is { } part) result.Add(part);
        }

        return result;
    }

    /// <summary>A component with those of the properties that are asked for, and nothing in it.</summary>
    public Component SelectProperties(Component source)
    {
        var result = new Component(source.Name);
        foreach (var line in source.Properties)
        {
            if (Properties is null) result.Add(line);
            else if (Properties.TryGetValue(line.Name, out var withoutValue)) result.Add(withoutValue ? ContentLine.Create(line.Name, "", [.. line.Parameters]) : line);
        }

        return result;
    }

    /// <summary>The part of a sub-component that is asked for; null when none is.</summary>
    public Component? SelectWithin(Component component)
    {
        if (Components is null) return component;
        foreach (var selection in Components)
        {
            if (selection.Name == component.Name) return selection.Select(component);
        }

        return null;
    }
}
