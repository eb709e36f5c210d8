namespace Sandbox.CalDav;

/// <summary>How the front is set up.</summary>
public sealed record FrontOptions
{
    /// <summary>The real CalDAV server behind it.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>The password of the account itself: nobody gets in with it (C1).</summary>
    public string MainPassword { get; init; } = "the-main-password";

    /// <summary>The password for one application.</summary>
    public string AppPassword { get; set; } = "abcd-efgh-ijkl-mnop";

    /// <summary>Whether it tells what changed (RFC 6578), or only that something did (ctag).</summary>
    public bool TellsChanges { get; init; } = true;

    /// <summary>Whether it has a tag for the whole calendar.</summary>
    public bool HasTag { get; init; } = true;

    /// <summary>Whether an answer to PUT has the version.</summary>
    public bool TellsVersion { get; init; } = true;

    /// <summary>Whether that version is a weak one.</summary>
    public bool TellsWeakVersion { get; init; }

    /// <summary>Whether an object whose name has a bracket is known by its address letter by letter only, and that is written as nobody else would.</summary>
    public bool IsStrict { get; init; }

    /// <summary>How many objects a listing of changes has at a time.</summary>
    public int PageSize { get; init; } = int.MaxValue;
}
