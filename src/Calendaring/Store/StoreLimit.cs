namespace Calendaring.Store;

/// <summary>The limits that a batch may reach.</summary>
public enum StoreLimit
{
    /// <summary>None.</summary>
    None,

    /// <summary>How much a home may hold.</summary>
    Home,

    /// <summary>How much the homes of a group may hold together.</summary>
    Group,

    /// <summary>How many properties a resource may have.</summary>
    PropertyCount,

    /// <summary>Bytes of the properties of a resource.</summary>
    PropertyBytes,

    /// <summary>Bytes of the properties of all resources of a principal.</summary>
    PropertyBytesOfHome,
}
