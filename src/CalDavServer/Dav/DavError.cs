using Calendaring.Store;

namespace CalDavServer.Dav;

/// <summary>A request that is refused: status, the precondition or postcondition element it fails (RFC 4918 §16), and a sentence for the person.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Condition">The element inside <c>DAV:error</c>, or null.</param>
/// <param name="Sentence">What is wrong, in words; without content of any object. Written as <c>responsedescription</c>-like text in the error body.</param>
/// <param name="Href">An href inside the condition element (e.g. no-uid-conflict), or null.</param>
internal sealed record DavError(int Status, PropertyName? Condition = null, string? Sentence = null, string? Href = null)
{
    /// <summary>The privilege that lacks; only with need-privileges (RFC 3744 §7.1.1).</summary>
    public PropertyName? Privilege { get; init; }

    /// <summary>Whether the caller's access refuses a change of the practice's calendar: its practitioner is told. What the practice's rules refuse is noted where it is decided.</summary>
    public bool RefusesChange { get; init; }

    public static DavError NotFound { get; } = new(404);

    public static DavError BadRequest(string sentence) => new(400, null, sentence);

    public static DavError Forbidden(PropertyName condition, string? sentence = null) => new(403, condition, sentence);

    public static DavError PreconditionFailed(string sentence) => new(412, null, sentence);
}
