namespace Calendaring.ICalendar;

/// <summary>
/// A component (RFC 5545 §3.6): its property lines and sub-components in the order they were written. Editing touches only the lines named; every other line keeps its octets.
/// </summary>
public sealed class Component
{
    /// <summary>An empty component.</summary>
    /// <param name="name">E.g. <c>VEVENT</c>.</param>
    public Component(string name) => throw new NotImplementedException();

    /// <summary>The component name, upper case.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The property lines in order.</summary>
    public IReadOnlyList<ContentLine> Properties => throw new NotImplementedException();

    /// <summary>The sub-components in order.</summary>
    public IReadOnlyList<Component> Components => throw new NotImplementedException();

    /// <summary>Number of the BEGIN line in what was parsed, from 1; 0 when it was made here.</summary>
    public int LineNumber => throw new NotImplementedException();

    /// <summary>The first property of a name, or null.</summary>
    /// <param name="name">Upper case.</param>
    public ContentLine? Find(string name) => throw new NotImplementedException();

    /// <summary>All properties of a name in order.</summary>
    public IEnumerable<ContentLine> FindAll(string name) => throw new NotImplementedException();

    /// <summary>Replaces the first property of the line's name and removes further ones; adds it after the last property when there is none.</summary>
    public void Set(ContentLine line) => throw new NotImplementedException();

    /// <summary>Adds a property after the last property.</summary>
    public void Add(ContentLine line) => throw new NotImplementedException();

    /// <summary>Replaces one line (by reference).</summary>
    public void Replace(ContentLine line, ContentLine replacement) => throw new NotImplementedException();

    /// <summary>Removes one line (by reference).</summary>
    public bool Remove(ContentLine line) => throw new NotImplementedException();

    /// <summary>Removes all properties of a name; returns how many there were.</summary>
    public int RemoveAll(string name) => throw new NotImplementedException();

    /// <summary>Adds a sub-component after the last one.</summary>
    public void Add(Component component) => throw new NotImplementedException();

    /// <summary>Removes a sub-component (by reference).</summary>
    public bool Remove(Component component) => throw new NotImplementedException();

    /// <summary>A deep copy; lines are shared, as they are immutable.</summary>
    public Component Clone() => throw new NotImplementedException();
}
