using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;

namespace Calendaring.Store;

/// <summary>
/// Stored WebDAV properties. Each value is the whole property element as XML, attributes (<c>xml:lang</c>, <c>symbolic-color</c>) and child elements kept (RFC 4918 §4.3).
/// Immutable.
/// </summary>
public sealed class PropertyBag
{
    private readonly Dictionary<PropertyName, string> _values;

    private PropertyBag(Dictionary<PropertyName, string> values) => _values = values;

    /// <summary>No properties.</summary>
    public static PropertyBag Empty { get; } = new([]);

    /// <summary>The properties: name and element.</summary>
    public IReadOnlyDictionary<PropertyName, string> Values => _values;

    /// <summary>Makes a bag of the given properties.</summary>
    public static PropertyBag Of(IEnumerable<KeyValuePair<PropertyName, string>> values)
    {
        var copy = new Dictionary<PropertyName, string>(values);
        return copy.Count == 0 ? Empty : new PropertyBag(copy);
    }

    /// <summary>The element of a property.</summary>
    public bool TryGet(PropertyName name, [NotNullWhen(true)] out string? element) => _values.TryGetValue(name, out element);

    /// <summary>The text in the element of a property; null where there is none that can be read.</summary>
    public string? TextOf(PropertyName name)
    {
        try
        {
            return TryGet(name, out var element) ? XElement.Parse(element).Value : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>A copy with a property set (an element) or removed (null).</summary>
    public PropertyBag With(PropertyName name, string? element)
    {
        var copy = new Dictionary<PropertyName, string>(_values);
        if (element is null) copy.Remove(name);
        else copy[name] = element;
        return copy.Count == 0 ? Empty : new PropertyBag(copy);
    }

    /// <summary>Whether another bag has the same properties with the same elements.</summary>
    public bool HasSame(PropertyBag other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other)) return true;
        if (_values.Count != other._values.Count) return false;
        foreach (var (name, element) in _values)
        {
            if (!other.TryGet(name, out var same) || same != element) return false;
        }

        return true;
    }
}
