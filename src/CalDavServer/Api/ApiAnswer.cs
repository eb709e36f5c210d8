using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace CalDavServer.Api;

/// <summary>An answer of the API: JSON as <see cref="ApiJson"/> writes it.</summary>
/// <param name="Value">What is answered.</param>
internal sealed record ApiAnswer<T>(T Value) : IResult, IEndpointMetadataProvider
    where T : class
{
    public Task ExecuteAsync(HttpContext httpContext) => TypedResults.Json(Value, ApiJson.Default).ExecuteAsync(httpContext);

    /// <summary>Describes the answer, for OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}
