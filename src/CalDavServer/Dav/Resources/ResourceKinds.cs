namespace CalDavServer.Dav.Resources;

/// <summary>The kinds of resources, as flags: methods, properties and reports say in their tables to which they apply.</summary>
[Flags]
internal enum ResourceKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A fixed collection of the tree.</summary>
    Tree = 1,

    /// <summary>The caller's own principal.</summary>
    Principal = 2,

    /// <summary>Another principal of the caller's practice group.</summary>
    OtherPrincipal = 4,

    /// <summary>A calendar home.</summary>
    Home = 8,

    /// <summary>A calendar that clients may shape as they like.</summary>
    OrdinaryCalendar = 16,

    /// <summary>The practitioner's HX_ calendar.</summary>
    HxCalendar = 32,

    /// <summary>The scheduling inbox.</summary>
    Inbox = 64,

    /// <summary>The scheduling outbox.</summary>
    Outbox = 128,

    /// <summary>A calendar object resource.</summary>
    Object = 256,

    /// <summary>Both kinds of calendar.</summary>
    Calendar = OrdinaryCalendar | HxCalendar,

    /// <summary>Everything that belongs to the caller.</summary>
    Owned = Principal | Home | Calendar | Inbox | Outbox | Object,

    /// <summary>All of them.</summary>
    Any = Tree | OtherPrincipal | Owned,
}
