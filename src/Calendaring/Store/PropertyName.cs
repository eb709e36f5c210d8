using System.Security;

namespace Calendaring.Store;

/// <summary>An XML property name: namespace URI and local name (RFC 4918 §4.5).</summary>
/// <param name="Namespace">Namespace URI; empty when there is none.</param>
/// <param name="Name">Local name.</param>
public readonly record struct PropertyName(string Namespace, string Name)
{
    /// <summary>What people see a resource called (RFC 4918 §15.2).</summary>
    public static PropertyName DisplayName { get; } = new("DAV:", "displayname");

    /// <summary>Its element with a text in it, all of whose characters XML can write.</summary>
    public string ElementOf(string text) => $"<{Name} xmlns=\"{Namespace}\">{SecurityElement.Escape(text)}</{Name}>";
}
