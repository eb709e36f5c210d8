using System.Text;
using System.Xml;
using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Properties;

/// <summary>
/// The instructions of a PROPPATCH, MKCALENDAR or extended MKCOL (RFC 4918 §9.2): all are carried out, in order, or none. What is kept is the whole element: attributes, the
/// <c>xml:lang</c> and the namespace prefixes in scope included (RFC 4918 §4.3, §4.4).
/// </summary>
internal sealed class PropertyUpdate
{
    private static readonly XName Set = XName.Get("set", DavNames.Dav);
    private static readonly XName Remove = XName.Get("remove", DavNames.Dav);
    private static readonly XName Prop = XName.Get("prop", DavNames.Dav);
    private static readonly XName Language = XNamespace.Xml + "lang";
    private static readonly XmlWriterSettings Writing = new()
    {
        OmitXmlDeclaration = true,
        ConformanceLevel = ConformanceLevel.Fragment,
        NewLineHandling = NewLineHandling.Entitize,
    };

    // each is written with each property
    private const int MaxInherited = 100;

    private readonly List<Instruction> _instructions = [];

    private PropertyUpdate()
    {
    }

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => _instructions.Count == 0;

    /// <summary>Whether any instruction could not be carried out; then none has been.</summary>
    public bool Failed { get; private set; }

    /// <summary>What the update last checked sets (an element) or removes (null), the last of several instructions for one property.</summary>
    public Dictionary<PropertyName, string?> Changes { get; private set; } = [];

    /// <summary>Reads the instructions below a root element.</summary>
    public static PropertyUpdate Parse(XElement root)
    {
        var update = new PropertyUpdate();
        foreach (var step in root.Elements())
        {
            if (step.Name != Set && step.Name != Remove) continue;
            foreach (var property in step.Elements(Prop).Elements())
            {
                var name = new PropertyName(property.Name.NamespaceName, property.Name.LocalName);
                update._instructions.Add(new Instruction(name, step.Name == Set ? property : null));
            }
        }

        return update;
    }

    /// <summary>Whether a property is set.</summary>
    public bool Sets(PropertyName name) => _instructions.Exists(instruction => instruction.Name == name && instruction.Value is not null);

    /// <summary>Takes an instruction out, to be carried out elsewhere: the value of the last one that sets a property, or null.</summary>
    public XElement? Take(PropertyName name)
    {
        XElement? value = null;
        foreach (var instruction in _instructions)
        {
            if (instruction.Name != name || instruction.Value is null) continue;
            value = instruction.Value;
            instruction.Taken = true;
        }

        return value;
    }

    /// <summary>Marks the instruction for a property, taken out before, as failed.</summary>
    public void Fail(PropertyName name, DavError error)
    {
        Failed = true;
        foreach (var instruction in _instructions)
        {
            if (instruction.Name == name) instruction.Error = error;
        }
    }

    /// <summary>Why the instruction for a property could not be carried out, or null.</summary>
    public DavError? ErrorOf(PropertyName name) => _instructions.Find(instruction => instruction.Name == name && instruction.Error is not null)?.Error;

    /// <summary>Looks at each instruction, and gathers what they come to in <see cref="Changes"/>.</summary>
    public void Check(ResourceKinds kind, bool creating = false)
    {
        Changes = [];
        var tried = 0;
        foreach (var instruction in _instructions)
        {
            if (instruction.Taken) continue;
            var tooMany = ++tried > DavLimits.RequestedProperties;
            instruction.Error = tooMany ? new DavError(507, null, $"At most {DavLimits.RequestedProperties} properties are set at once.") : Check(instruction, kind, creating);
            Failed |= instruction.Error is not null;
            if (tooMany) break;
        }
    }

    /// <summary>Says of all that is set that there is no room for it.</summary>
    public void Refuse(DavError error)
    {
        Failed = true;
        foreach (var instruction in _instructions)
        {
            if (instruction.Value is not null) instruction.Error = error;
        }
    }

    /// <summary>Writes one propstat for each instruction: what failed, and 424 for the others (RFC 4918 §9.2.1); or one 200 for all.</summary>
    public void WritePropstats(MultistatusWriter output)
    {
        if (!Failed)
        {
            WritePropstat(output, _instructions, null, 200);
            return;
        }

        foreach (var instruction in _instructions) WritePropstat(output, [instruction], instruction.Error, instruction.Error?.Status ?? 424);
    }

    private static void WritePropstat(MultistatusWriter output, IReadOnlyList<Instruction> instructions, DavError? error, int status)
    {
        var xml = output.Xml;
        xml.Raw("<D:propstat><D:prop>"u8);
        foreach (var instruction in instructions) xml.Empty(instruction.Name);
        xml.Raw("</D:prop>"u8);
        output.StatusLine(status);
        if (error?.Condition is { } condition)
        {
            xml.Raw("<D:error>"u8);
            xml.Empty(condition);
            xml.Raw("</D:error>"u8);
        }

        if (error?.Sentence is { } sentence) xml.Element(DavNames.D("responsedescription"), sentence);
        xml.Raw("</D:propstat>"u8);
    }

    private DavError? Check(Instruction instruction, ResourceKinds kind, bool creating)
    {
        var live = PropertyTable.Find(instruction.Name);
        if (live is not null && (live.SettableOn & kind) == 0 && !(creating && live.AtCreation))
            return DavError.Forbidden(DavNames.D("cannot-modify-protected-property"), "The property is the server's.");
        if (instruction.Name.Namespace == XNamespace.Xml.NamespaceName || instruction.Name.Namespace == XNamespace.Xmlns.NamespaceName)
            return new DavError(409, null, "The name is in a namespace that XML keeps for itself.");
        if (instruction.Value is { } value && live?.Check?.Invoke(value) is { } wrong) return wrong;

        var inherited = instruction.Value is { } stated ? InheritedBy(stated) : [];
        if (inherited.Count > MaxInherited) return new DavError(507, null, $"More than {MaxInherited} namespaces are declared around the property.");
        var element = instruction.Value is null ? null : Serialize(instruction.Value, inherited);
        if (element is not null && Encoding.UTF8.GetByteCount(element) > DavLimits.DeadPropertyBytes)
            return new DavError(507, null, $"A property has at most {DavLimits.DeadPropertyBytes} bytes.");
        Changes[instruction.Name] = element;
        if (CalendarZoneProperties.OtherOf(instruction.Name) is { } other && (element is not null || !Sets(other))) Changes[other] = null;
        return null;
    }

    // Prefixes and language that are in scope of a property without being written on it.
    private static List<XAttribute> InheritedBy(XElement property)
    {
        var seen = property.Attributes().Select(static attribute => attribute.Name).ToHashSet();
        List<XAttribute> inherited = [];
        foreach (var attribute in property.Ancestors().Attributes())
        {
            var inScope = attribute.Name == Language || (attribute.IsNamespaceDeclaration && attribute.Name != "xmlns");
            if (inScope && seen.Add(attribute.Name)) inherited.Add(attribute);
            if (inherited.Count > MaxInherited) break;
        }

        return inherited;
    }

    private static string Serialize(XElement property, List<XAttribute> inherited)
    {
        var copy = new XElement(property);
        foreach (var attribute in inherited) copy.Add(new XAttribute(attribute));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Writing)) copy.WriteTo(writer);
        return text.ToString();
    }

    private sealed class Instruction(PropertyName name, XElement? value)
    {
        public PropertyName Name { get; } = name;

        /// <summary>What to set; null to remove.</summary>
        public XElement? Value { get; } = value;

        public bool Taken { get; set; }

        public DavError? Error { get; set; }
    }
}
