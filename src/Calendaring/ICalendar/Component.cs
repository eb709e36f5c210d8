using System.Buffers;
using System.Text;

namespace Calendaring.ICalendar;

/// <summary>
/// A component (RFC 5545 §3.6): its property lines and sub-components in the order they were written. Editing touches only the lines named; every other line keeps its bytes.
/// </summary>
public sealed class Component
{
    private readonly ReadOnlyMemory<byte> _begin;
    private readonly List<ContentLine> _properties;
    private ReadOnlyMemory<byte> _end;
    private List<Component>? _components;

    /// <summary>For each sub-component how many properties are written before it; ascending.</summary>
    private List<int>? _propertiesBefore;

    /// <summary>An empty component.</summary>
    /// <param name="name">E.g. <c>VEVENT</c>.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public Component(string name)
    {
        var begin = ContentLine.Create(KnownNames.Begin, name);
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length == 0 || bytes.AsSpan().IndexOfAnyExcept(LineScan.NameBytes) >= 0) throw new ArgumentException("A name has letters, digits and hyphens only.", nameof(name));
        Name = KnownNames.Intern(bytes);
        _properties = [];
        _begin = begin.Bytes;
        _end = ContentLine.Create(KnownNames.End, name).Bytes;
    }

    /// <summary>A component whose BEGIN line has been read.</summary>
    internal Component(string name, ReadOnlyMemory<byte> begin, int lineNumber)
    {
        Name = name;
        LineNumber = lineNumber;
        _begin = begin;
        _properties = [];
    }

    private Component(Component source)
    {
        Name = source.Name;
        LineNumber = source.LineNumber;
        _begin = source._begin;
        _end = source._end;
        _properties = [.. source._properties];
        _propertiesBefore = source._propertiesBefore is null ? null : [.. source._propertiesBefore];
        _components = source._components?.ConvertAll(static component => component.Clone());
    }

    /// <summary>The component name, upper case.</summary>
    public string Name { get; }

    /// <summary>The property lines in order.</summary>
    public IReadOnlyList<ContentLine> Properties => _properties;

    /// <summary>The sub-components in order.</summary>
    public IReadOnlyList<Component> Components => _components ?? (IReadOnlyList<Component>)[];

    /// <summary>Number of the BEGIN line in what was parsed, from 1; 0 when it was made here.</summary>
    public int LineNumber { get; }

    /// <summary>Bytes when written.</summary>
    public int Length
    {
        get
        {
            var length = _begin.Length + _end.Length;
            foreach (var line in _properties) length += line.Bytes.Length;
            if (_components is not null) foreach (var component in _components) length += component.Length;
            return length;
        }
    }

    /// <summary>The first property of a name, or null.</summary>
    /// <param name="name">Upper case.</param>
    public ContentLine? Find(string name)
    {
        foreach (var line in _properties)
        {
            if (line.Name == name) return line;
        }

        return null;
    }

    /// <summary>All properties of a name in order. The component must not be edited while they are enumerated.</summary>
    public IEnumerable<ContentLine> FindAll(string name)
    {
        foreach (var line in _properties)
        {
            if (line.Name == name) yield return line;
        }
    }

    /// <summary>Replaces the first property of the line's name and removes further ones; adds it after the last property when there is none.</summary>
    public void Set(ContentLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var first = IndexOf(line.Name);
        if (first < 0)
        {
            Add(line);
            return;
        }

        _properties[first] = line;
        RemoveAll(line.Name, first + 1);
    }

    /// <summary>Adds a property after the last property.</summary>
    public void Add(ContentLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        // sub-components that stood behind the last property stand behind the new one
        for (var index = (_propertiesBefore?.Count ?? 0) - 1; index >= 0 && _propertiesBefore![index] == _properties.Count; index--) _propertiesBefore[index]++;
        _properties.Add(line);
    }

    /// <summary>Replaces one line (by reference).</summary>
    /// <exception cref="ArgumentException">The component does not have the line.</exception>
    public void Replace(ContentLine line, ContentLine replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        var index = _properties.IndexOf(line);
        if (index < 0) throw new ArgumentException("The component does not have the line.", nameof(line));
        _properties[index] = replacement;
    }

    /// <summary>Removes one line (by reference).</summary>
    public bool Remove(ContentLine line)
    {
        var index = _properties.IndexOf(line);
        if (index >= 0) RemoveAt(index);
        return index >= 0;
    }

    /// <summary>Removes all properties of a name; returns how many there were.</summary>
    public int RemoveAll(string name) => RemoveAll(name, 0);

    /// <summary>Adds a sub-component after the last one.</summary>
    public void Add(Component component)
    {
        ArgumentNullException.ThrowIfNull(component);
        Add(component, _propertiesBefore is { Count: > 0 } before ? before[^1] : _properties.Count);
    }

    /// <summary>Removes a sub-component (by reference).</summary>
    public bool Remove(Component component)
    {
        var index = _components?.IndexOf(component) ?? -1;
        if (index < 0) return false;
        _components!.RemoveAt(index);
        _propertiesBefore!.RemoveAt(index);
        return true;
    }

    /// <summary>A deep copy; lines are shared, as they are immutable.</summary>
    public Component Clone() => new(this);

    /// <summary>Adds the next line that was read.</summary>
    internal void AddParsed(ContentLine line) => _properties.Add(line);

    /// <summary>Adds the next sub-component that was read: behind all lines read so far.</summary>
    internal void AddParsed(Component component) => Add(component, _properties.Count);

    /// <summary>Takes the END line that was read.</summary>
    internal void Close(ReadOnlyMemory<byte> end) => _end = end;

    /// <summary>Writes the component with all that is in it.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write(_begin.Span);
        var next = 0;
        for (var index = 0; index <= _properties.Count; index++)
        {
            while (next < (_components?.Count ?? 0) && _propertiesBefore![next] == index) _components![next++].WriteTo(output);
            if (index < _properties.Count) output.Write(_properties[index].Bytes.Span);
        }

        output.Write(_end.Span);
    }

    /// <summary>
    /// The lines of a text that is made of the component: ended by CRLF and folded between characters, whatever they were parsed from. Those that are so keep their bytes.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> GeneratedLines()
    {
        yield return Delimiter(_begin, KnownNames.Begin);
        var next = 0;
        for (var index = 0; index <= _properties.Count; index++)
        {
            while (next < (_components?.Count ?? 0) && _propertiesBefore![next] == index)
            {
                foreach (var line in _components![next++].GeneratedLines()) yield return line;
            }

            if (index < _properties.Count) yield return _properties[index].Generated;
        }

        yield return Delimiter(_end, KnownNames.End);
    }

    /// <summary>Whether anything in it was made here, and not parsed.</summary>
    internal bool IsEdited()
    {
        if (LineNumber == 0) return true;
        foreach (var line in _properties)
        {
            if (line.LineNumber == 0) return true;
        }

        return _components?.Exists(static component => component.IsEdited()) == true;
    }

    // what stands before the first line, and blank lines behind one, are left out
    private ReadOnlyMemory<byte> Delimiter(ReadOnlyMemory<byte> written, string delimiter) =>
        written.Length == delimiter.Length + Name.Length + 3 && written.Span.EndsWith("\r\n"u8) ? written : Encoding.UTF8.GetBytes($"{delimiter}:{Name}\r\n");

    private void Add(Component component, int propertiesBefore)
    {
        (_components ??= []).Add(component);
        (_propertiesBefore ??= []).Add(propertiesBefore);
    }

    private int IndexOf(string name)
    {
        for (var index = 0; index < _properties.Count; index++)
        {
            if (_properties[index].Name == name) return index;
        }

        return -1;
    }

    private void RemoveAt(int index)
    {
        _properties.RemoveAt(index);
        for (var component = 0; component < (_propertiesBefore?.Count ?? 0); component++)
        {
            if (_propertiesBefore![component] > index) _propertiesBefore[component]--;
        }
    }

    private int RemoveAll(string name, int from)
    {
        var removed = 0;
        for (var index = _properties.Count - 1; index >= from; index--)
        {
            if (_properties[index].Name != name) continue;
            RemoveAt(index);
            removed++;
        }

        return removed;
    }
}
