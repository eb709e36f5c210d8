namespace CalDavServer.Links;

/// <summary>A service in words, where pages name it.</summary>
internal sealed record ProviderWords
{
    /// <summary>Who runs it: "at Google", "Google does not answer".</summary>
    public required string Name { get; init; }

    /// <summary>The same at the beginning of a sentence: iCloud is written as it is everywhere.</summary>
    public string AtStart => Name.StartsWith("your", StringComparison.Ordinal) ? $"Y{Name[1..]}" : Name;

    /// <summary>What a link to it is called, with the account's address after it.</summary>
    public required string Calendar { get; init; }

    /// <summary>An account there.</summary>
    public string Account
    {
        get => field ?? $"{Name} account";
        init;
    }

    /// <summary>An account there, with its article.</summary>
    public string AnAccount => $"{(char.ToLowerInvariant(Account[0]) is 'a' or 'e' or 'i' or 'o' ? "an" : "a")} {Account}";

    /// <summary>What works once an account is connected, in a sentence: said before anybody pays.</summary>
    public required string Works { get; init; }

    /// <summary>What this server sees in the account, in a sentence.</summary>
    public required string Sees { get; init; }

    /// <summary>What the service asks when somebody signs in there, and what to do about it. Not shown where nobody signs in there.</summary>
    public string Asks { get; init; } = "";

    /// <summary>What was not allowed there though a link needs it, and what to do about it: after "Nothing was connected: ".</summary>
    public string NotAllowed { get; init; } = "";

    /// <summary>What it means that a series is there as single events, in sentences. Not shown where none is.</summary>
    public string SingleEvents { get; init; } = "";

    /// <summary>What becomes of the access when an account is disconnected.</summary>
    public required string Ending { get; init; }

    /// <summary>Where people take the access away themselves, when this server could not give it back.</summary>
    public required string TakeAway { get; init; }
}
