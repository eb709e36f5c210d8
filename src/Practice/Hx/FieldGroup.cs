namespace Practice.Hx;

/// <summary>What of an appointment changes together when two sides change it at one time (docs/decisions/0016).</summary>
public enum FieldGroup
{
    /// <summary>When it starts and ends, how it repeats, and whether an occurrence is there.</summary>
    Times,

    /// <summary>Title and description, each by itself.</summary>
    Text,

    /// <summary>Where it is.</summary>
    Place,

    /// <summary>Whether it is certain.</summary>
    Status,

    /// <summary>Whether it takes time.</summary>
    Transparency,

    /// <summary>Whether it is private.</summary>
    Privacy,
}
