using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace CalDavServer.Api;

/// <summary>The JSON body of a request. A handler has it as a parameter; it is read as UTF-8, whatever charset is named (RFC 8259 §8.1).</summary>
/// <param name="Value">What was sent.</param>
internal sealed record ApiBody<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class
{
    private const int MaxBody = 256 * 1024;

    /// <summary>Reads the body.</summary>
    /// <exception cref="ApiFault">It is no JSON, not that of a <typeparamref name="T"/>, or too large.</exception>
    public static async ValueTask<ApiBody<T>> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new ApiFault(StatusCodes.Status415UnsupportedMediaType, "Send JSON, with Content-Type: application/json.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBody;
        try
        {
            var type = (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!;
            return new ApiBody<T>(await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) ?? throw ApiFault.Invalid("The body is empty."));
        }
        catch (JsonException error)
        {
            throw ApiFault.Invalid(error.Path is { Length: > 0 } path
                ? $"The JSON is not what is expected here, at {path}."
                : "The body is not the JSON that is expected here.");
        }
        catch (BadHttpRequestException error)
        {
            throw new ApiFault(error.StatusCode, "The body is too large or ended early.");
        }
    }

    /// <summary>Describes the body, for whoever calls and for OpenAPI.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}
