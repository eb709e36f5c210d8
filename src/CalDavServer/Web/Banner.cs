namespace CalDavServer.Web;

/// <summary>What stands on top of every page until it is done.</summary>
/// <param name="Sentence">What it says.</param>
/// <param name="Link">Where something can be done about it.</param>
/// <param name="LinkWords">What the link says.</param>
internal sealed record Banner(string Sentence, string Link, string LinkWords);
