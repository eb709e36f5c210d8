namespace CalDavServer.Http;

/// <summary>Who makes a request, by an app password or on the pages: in <c>HttpContext.Features</c> once that is known.</summary>
internal interface ISignedIn
{
    /// <summary>The person's id.</summary>
    string PersonId { get; }
}
