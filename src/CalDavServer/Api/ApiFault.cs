using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>A request is not carried out: a status, and a sentence for the person (RFC 9457).</summary>
internal sealed class ApiFault(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static ApiFault Invalid(string message) => new(StatusCodes.Status400BadRequest, message);
}

/// <summary>Answers faults with problem details.</summary>
internal sealed class ApiFaults : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // what the diary says is about patients: nobody between it and the caller keeps it
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(context);
        }
        catch (ApiFault fault)
        {
            return TypedResults.Problem(fault.Message, statusCode: fault.Status);
        }
        catch (DiaryException fault)
        {
            return TypedResults.Problem(fault.Message, statusCode: StatusOf(fault.Fault));
        }
    }

    private static int StatusOf(DiaryFault fault) => fault switch
    {
        DiaryFault.Invalid or DiaryFault.TooMuch => StatusCodes.Status400BadRequest,
        DiaryFault.NotFound => StatusCodes.Status404NotFound,
        DiaryFault.Conflict => StatusCodes.Status409Conflict,
        DiaryFault.Stale => StatusCodes.Status412PreconditionFailed,
        DiaryFault.NoSpace => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
