using System.Xml;

namespace Practice.Groups;

/// <summary>Names of people and practice groups as text: they stand in the names of calendars, which devices get as XML.</summary>
public static class NameText
{
    /// <summary>Whether XML has a way to write every character of a name.</summary>
    public static bool IsWritable(string name) => Writable(name) == name;

    /// <summary>A name in which what XML has no way to write has become U+FFFD.</summary>
    internal static string Writable(string name) => string.Create(name.Length, name, static (target, name) =>
    {
        for (var i = 0; i < name.Length; i++)
        {
            target[i] = name[i];
            if (XmlConvert.IsXmlChar(name[i])) continue;
            if (i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1])) target[++i] = name[i];
            else target[i] = '\ufffd';
        }
    });
}
