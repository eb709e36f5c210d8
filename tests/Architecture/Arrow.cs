namespace Architecture;

/// <summary>One type uses another one of another folder.</summary>
/// <param name="From">The folder of the one that uses, e.g. <c>Practice/Hx</c>; <c>Practice</c> for files that are in no folder.</param>
/// <param name="To">The folder of the one that is used.</param>
/// <param name="User">The type that uses, or the file where only its directives tell.</param>
/// <param name="Used">The type that is used, or the namespace.</param>
internal sealed record Arrow(string From, string To, string User, string Used)
{
    public string Sentence => $"{User} ({From}) uses {Used} ({To})";
}
