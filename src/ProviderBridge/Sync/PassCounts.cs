namespace ProviderBridge.Sync;

/// <summary>What a pass did: numbers only.</summary>
public sealed record PassCounts
{
    /// <summary>Appointments that were written outside.</summary>
    public int Out { get; set; }

    /// <summary>Appointments of which something was taken in.</summary>
    public int In { get; set; }

    /// <summary>Appointments that were removed outside.</summary>
    public int RemovedOut { get; set; }

    /// <summary>Appointments that were removed in the practice.</summary>
    public int RemovedIn { get; set; }

    /// <summary>Single dates of series that were removed in the practice, because the events that stood for them were deleted outside.</summary>
    public int DatesRemovedIn { get; set; }

    /// <summary>Conflicts that were found.</summary>
    public int Conflicts { get; set; }

    /// <summary>Deletions outside that were taken over.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int DeletionsIn => RemovedIn + DatesRemovedIn;

    /// <summary>Whether it did nothing.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsNothing => this == new PassCounts();
}
